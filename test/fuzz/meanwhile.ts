import type { Row, Table } from "./case.ts";
import type { FuzzDatabase } from "./database.ts";
import { type Snapshot, snapshot } from "./snapshot.ts";
import type { SoftCase } from "./soft-case.ts";

const NEW = "1000";

/**
 * Edits, inserts and deletes rows that a restore has no business with.
 * @returns another snapshot with the same changes made to it
 */
export async function writeMeanwhile(
  db: FuzzDatabase,
  { c, pick }: SoftCase,
  { before, now }: { readonly before: Snapshot; readonly now: Snapshot },
): Promise<Snapshot> {
  const out = new Map([...before].map(([table, rows]) => [table, new Map(rows)]));
  for (const t of c.tables) {
    const rows = out.get(t.name);
    if (!rows) continue;
    for (const [rid, row] of now.get(t.name) ?? []) {
      const was = rows.get(rid);
      const untouched = JSON.stringify(was) === JSON.stringify(row);
      const what = pick(`${t.name} ${rid} meanwhile`, 6);
      if (was && what < 3) {
        await db.query(`update "${t.name}" set w = ${Number(rid) + 7} where rid = ${rid}`);
        rows.set(rid, { ...was, w: String(Number(rid) + 7) });
      } else if (untouched && what === 3 && !isReferenced(c, t, row, [before, now])) {
        await db.query(`delete from "${t.name}" where rid = ${rid}`);
        rows.delete(rid);
      }
    }
    const added = newRow(c, t);
    if (!added || pick(`${t.name} insert`, 2) === 0) continue;
    const names = Object.keys(added).map((name) => `"${name}"`);
    await db.query(
      `insert into "${t.name}" (${names.join(", ")}) values (${Object.values(added).map(String).join(", ")})`,
    );
    const made = (await snapshot(db, c)).get(t.name)?.get(NEW);
    if (made) rows.set(NEW, made);
  }
  return out;
}

/** A row that references nothing and holds no value that another may have; null where the table allows none. */
function newRow(c: SoftCase["c"], t: Table): Row | null {
  const value = (name: string, notNull: boolean) => {
    if (t.key.includes(name)) return 90;
    return notNull ? 95 : null;
  };
  const row = Object.fromEntries(
    t.columns.filter((x) => x.type === undefined).map((x) => [x.name, value(x.name, x.notNull)]),
  );
  const references = c.fks.some(
    (fk) => fk.child === t.name && fk.columns.every((name) => row[name] !== null),
  );
  return references ? null : { ...row, rid: Number(NEW), w: 1 };
}

/** Whether a row, in any of the states, references this one. */
function isReferenced(
  c: SoftCase["c"],
  t: Table,
  parent: Readonly<Record<string, string | null>>,
  states: readonly Snapshot[],
): boolean {
  return c.fks.some(
    (fk) =>
      fk.parent === t.name &&
      states.some((s) =>
        [...(s.get(fk.child)?.values() ?? [])].some((row) =>
          fk.columns.every((name, i) => row[name] === parent[fk.parentColumns[i] ?? ""]),
        ),
      ),
  );
}
