import type { Engine } from "../dialect/engine.ts";
import { type RowSet, ScratchRowSets } from "../dialect/row-set.ts";
import { id, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH, type ScratchTable } from "../dialect/syntax.ts";
import { unreachable } from "../error.ts";
import { type ArchivePart, type ArchivePlace, archivedRows, storedColumns } from "../journal/archive.ts";
import type { Model } from "../model/model.ts";
import type { Operation } from "../model/operation.ts";
import type { Policy } from "../model/policy.ts";
import type { Table } from "../model/table.ts";

/** One operation's archive beside the database that it is to be put back into. */
export interface RestoreTask {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly place: ArchivePlace;
  readonly mode: Operation["mode"];
  readonly parts: readonly ArchivePart[];
  /** The archived rows by part; of parts whose table still has all their columns. */
  readonly rows: ReadonlyMap<number, RowSet>;
  /** The same before anything was chosen about conflicts. */
  readonly archived: ReadonlyMap<number, RowSet>;
}

/** What a restore is about, before any archived row is read. */
export type RestoreSubject = Omit<RestoreTask, "rows" | "archived">;

/** Reads the archived rows back into scratch tables, to be looked at from all sides. */
export async function readBack(task: RestoreSubject): Promise<RestoreTask> {
  const sets = new ScratchRowSets(task.place.tx, task.engine.syntax);
  return withRows(task, (set, select) =>
    sets.define(set, sql`select a.*, 0 as ${id(DEPTH)} from (${select}) as a`, []),
  );
}

/** The archived rows to be read once, straight from the archive. */
export async function readOnce(task: RestoreSubject): Promise<RestoreTask> {
  const sets = new ScratchRowSets(task.place.tx, task.engine.syntax);
  return withRows(task, async (set, select) => sets.derive(set, select));
}

async function withRows(
  task: RestoreSubject,
  made: (set: ScratchTable, select: Sql) => Promise<RowSet>,
): Promise<RestoreTask> {
  const { model, place, parts } = task;
  const rows = new Map<number, RowSet>();
  for (const part of parts) {
    const table = model.tables.find((t) => t.id === part.table);
    if (!table || !fits(part, table)) continue;
    const set = { name: `ondelete_r_${part.part}`, source: table, columns: part.columns, key: part.key };
    rows.set(part.part, await made(set, archivedRows(place, part, table)));
  }
  return { ...task, rows, archived: rows };
}

/** Whether the table still has every column of the part. */
function fits(part: ArchivePart, table: Table): boolean {
  const stored = storedColumns(table).map((c) => c.name);
  return part.columns.every((c) => stored.includes(c));
}

/** The archived rows of a part, every column as the table has it now. */
export function rowsOf(task: RestoreTask, part: ArchivePart): RowSet {
  return task.rows.get(part.part) ?? unreachable(`part ${part.part} was not read back`);
}
