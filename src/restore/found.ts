import { id, list, type Sql, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import type { Conflict } from "../model/operation.ts";
import type { Key } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Index } from "../model/table.ts";
import type { RestoreTask } from "./task.ts";

/** A conflict, and what has to be known to do something about it. */
export interface ConflictFound {
  readonly conflict: Conflict;
  readonly part: ArchivePart;
  /** Yields the keys of the part's rows that are concerned; null where that is all of them. */
  readonly rows: Sql | null;
  /** The index whose value is taken. */
  readonly index?: Index;
  /** The relation whose parent is gone. */
  readonly relation?: Relation;
}

/** The conflict that a select of keys tells of; none where it yields nothing. */
export async function found(
  task: RestoreTask,
  part: ArchivePart,
  select: Sql,
  {
    index,
    relation,
    ...conflict
  }: Pick<Conflict, "kind" | "object" | "message"> & Pick<ConflictFound, "index" | "relation">,
): Promise<readonly ConflictFound[]> {
  const { tx, syntax } = task.place;
  const [counted] = await tx.rows(sql`select count(*) as n from (${select}) as counted`);
  const rows = Number(counted?.n);
  if (rows === 0) return [];
  const table = tableOf(task.model, part.table);
  const texts = part.key.map((c, i) => sql`${syntax.text(id("k", c), columnOf(table, c))} as ${id(`k${i}`)}`);
  const sampled = await tx.rows(
    sql`select ${list(texts)} from (${select}) as k order by ${list(part.key.map((c) => id("k", c)))} limit 5`,
  );
  const sample = sampled.map(
    (row): Key => Object.fromEntries(part.key.map((c, i) => [c, row[`k${i}`] ?? ""])),
  );
  return [
    {
      conflict: { ...conflict, table: part.table, rows, sample },
      part,
      rows: select,
      ...(index ? { index } : {}),
      ...(relation ? { relation } : {}),
    },
  ];
}

/** The key of an alias of archived rows. */
export const keysAs = (alias: string, part: ArchivePart): Sql => list(part.key.map((c) => id(alias, c)));
