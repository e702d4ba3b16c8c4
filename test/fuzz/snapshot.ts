import type { Case, Row, Table } from "./case.ts";
import type { FuzzDatabase } from "./database.ts";
import { MARKER } from "./soft-case.ts";

type TextRow = Readonly<Record<string, string | null>>;

/** All rows by table and `rid`, every column as the engine prints it. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, TextRow>>;

export async function snapshot(db: FuzzDatabase, c: Case): Promise<Snapshot> {
  const type = db.checksAtOnce ? "char" : "text";
  const out = new Map<string, ReadonlyMap<string, TextRow>>();
  for (const t of c.tables) {
    const columns = t.columns.map((x) => `cast("${x.name}" as ${type}) as "${x.name}"`);
    const rows = (await db.query(`select ${columns.join(", ")} from "${t.name}" order by rid`)) as TextRow[];
    out.set(t.name, new Map(rows.map((row) => [String(row.rid), { ...row }])));
  }
  return out;
}

/** Rows by table as the oracle has them, in order of `rid`: the edited column left out, the marker as a truth. */
export function numbers(from: Snapshot, c: Case): Record<string, readonly Row[]> {
  const number = (text: string | null | undefined) => (text == null ? null : Number(text));
  const rowOf = (t: Table, row: TextRow): Row => ({
    ...Object.fromEntries(
      t.columns.filter((x) => !["w", MARKER].includes(x.name)).map((x) => [x.name, number(row[x.name])]),
    ),
    deleted: [undefined, null, "0", "f", "false"].includes(row[MARKER]) ? 0 : 1,
  });
  return Object.fromEntries(
    c.tables.map((t) => [t.name, [...(from.get(t.name) ?? new Map()).values()].map((row) => rowOf(t, row))]),
  );
}
