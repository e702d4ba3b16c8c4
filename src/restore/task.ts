import type { Engine } from "../dialect/engine.ts";
import { type RowSet, ScratchRowSets } from "../dialect/row-set.ts";
import { id, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { unreachable } from "../error.ts";
import {
  type ArchivePart,
  type ArchivePlace,
  archivedRows,
  archiveParts,
  storedColumns,
} from "../journal/archive.ts";
import type { Model } from "../model/model.ts";
import type { Operation } from "../model/operation.ts";
import type { Policy } from "../model/policy.ts";

/** One operation's archive beside the database that it is to be put back into. */
export interface RestoreTask {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly place: ArchivePlace;
  readonly mode: Operation["mode"];
  readonly parts: readonly ArchivePart[];
  /** The archived rows by part, read back into scratch tables; of parts whose table still has all their columns. */
  readonly rows: ReadonlyMap<number, RowSet>;
  /** The same before anything was chosen about conflicts. */
  readonly archived: ReadonlyMap<number, RowSet>;
}

export async function restoreTask(
  task: Pick<RestoreTask, "engine" | "model" | "policy" | "place" | "mode">,
): Promise<RestoreTask> {
  const { engine, model, place } = task;
  const parts = await archiveParts(place, model);
  const sets = new ScratchRowSets(place.tx, engine.syntax);
  const rows = new Map<number, RowSet>();
  for (const part of parts) {
    const table = model.tables.find((t) => t.id === part.table);
    const stored = table ? storedColumns(table).map((c) => c.name) : [];
    if (!table || !part.columns.every((c) => stored.includes(c))) continue;
    const set = { name: `ondelete_r_${part.part}`, source: table, columns: part.columns, key: part.key };
    rows.set(
      part.part,
      await sets.define(
        set,
        sql`select a.*, 0 as ${id(DEPTH)} from (${archivedRows(place, part, table)}) as a`,
        [],
      ),
    );
  }
  return { ...task, parts, rows, archived: rows };
}

/** The archived rows of a part, every column as the table has it now. */
export function rowsOf(task: RestoreTask, part: ArchivePart): RowSet {
  return task.rows.get(part.part) ?? unreachable(`part ${part.part} was not read back`);
}
