import type { Engine } from "../dialect/engine.ts";
import { type RowSet, ScratchRowSets } from "../dialect/row-set.ts";
import { id, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError, unreachable } from "../error.ts";
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
import { changedColumns, losesValues } from "./misfit.ts";

/** One operation's archive beside the database that it is to be put back into. */
export interface RestoreTask {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly place: ArchivePlace;
  readonly mode: Operation["mode"];
  readonly parts: readonly ArchivePart[];
  /** Why archived values do not fit into columns that have changed since, by part. */
  readonly misfits: ReadonlyMap<number, { readonly columns: readonly string[]; readonly why: string }>;
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
  const misfits = new Map<number, { readonly columns: readonly string[]; readonly why: string }>();
  for (const part of parts) {
    const table = model.tables.find((t) => t.id === part.table);
    const stored = table ? storedColumns(table).map((c) => c.name) : [];
    if (!table || !part.columns.every((c) => stored.includes(c))) continue;
    const { tx } = place;
    const set = { name: `ondelete_r_${part.part}`, source: table, columns: part.columns, key: part.key };
    const archived = archivedRows(place, part, table);
    const made = await sets.create(set);
    const fill = () => sets.add(made, sql`select a.*, 0 as ${id(DEPTH)} from (${archived}) as a`);
    const columns = changedColumns(part, table);
    const filled = columns.length === 0 ? await fill() : await tx.attempt(fill);
    if (filled instanceof OnDeleteError) misfits.set(part.part, { columns, why: filled.message });
    else if (columns.length > 0 && (await losesValues(place, made, { select: archived, columns })))
      misfits.set(part.part, { columns, why: "Archived values would be stored as others." });
    else rows.set(part.part, made);
  }
  return { ...task, parts, misfits, rows, archived: rows };
}

/** The archived rows of a part, every column as the table has it now. */
export function rowsOf(task: RestoreTask, part: ArchivePart): RowSet {
  return task.rows.get(part.part) ?? unreachable(`part ${part.part} was not read back`);
}
