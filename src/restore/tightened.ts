import { collide, entriesOf, keyOfEntry, sameEntry } from "../dialect/collisions.ts";
import { id, list, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { shapeOf } from "../journal/shape.ts";
import { keepsApart } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import { columnOf, type Index } from "../model/table.ts";
import { type ConflictFound, found, keysAs } from "./found.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** Archived nulls of columns that are NOT NULL since. */
export async function nullsRefused(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  if (!part.was) return [];
  const now = shapeOf(table, part.columns).columns;
  const columns = part.written.filter(
    (c) => !columnOf(table, c).nullable && now[c] !== part.was?.columns[c] && !part.key.includes(c),
  );
  const out: ConflictFound[] = [];
  for (const column of columns) {
    const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${id("d", column)} is null`;
    const message = `Column ${column} of ${part.table} is NOT NULL since, and archived rows hold null in it.`;
    out.push(...(await found(task, part, select, { kind: "schema-changed", object: column, message })));
  }
  return out;
}

/** Archived rows that a unique index, which was made since, does not let be together. */
export async function togetherRefused(
  task: RestoreTask,
  part: ArchivePart,
): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const { was, key } = part;
  if (!was) return [];
  const known = (i: Index) => i.columns.every((c) => c !== null && part.columns.includes(c));
  const added = table.indexes.filter((i) => keepsApart(i) && !was.unique.includes(i.name) && known(i));
  const out: ConflictFound[] = [];
  for (const index of added) {
    const entries = entriesOf({ table, index, key }, sql`select * from ${rowsOf(task, part).from} as r`);
    const names = index.entries.map((_, i) => id(`entry_${i}`));
    const shared = sql`select ${list(names)} from (${entries}) as e group by ${list(names)} having count(*) > 1`;
    const { syntax } = task.engine;
    // Rows that share an entry are few, if any; operators other than = have to be tried on all.
    const others = index.operators
      ? sql`exists (select 1 from (${entries}) as o where ${collide(syntax, index, "m", "o")} and not (${sameEntry(key, "m", "o")}))`
      : sql`exists (select 1 from (${shared}) as o where ${collide(syntax, index, "m", "o")})`;
    const select = sql`select ${keyOfEntry(key, "m")} from (${entries}) as m where ${others}`;
    const message = `Archived rows of ${part.table} hold the same values of ${index.columns.join(", ")}, which have to be unique in ${index.name} since.`;
    out.push(...(await found(task, part, select, { kind: "schema-changed", object: index.name, message })));
  }
  return out;
}
