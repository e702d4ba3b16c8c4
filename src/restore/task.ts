import type { Engine } from "../dialect/engine.ts";
import { type RowSet, ScratchRowSets } from "../dialect/row-set.ts";
import { id, sql } from "../dialect/sql.ts";
import { DEPTH, type ScratchTable } from "../dialect/syntax.ts";
import { OnDeleteError, unreachable } from "../error.ts";
import { type ArchivePart, type ArchivePlace, archivedRows, storedColumns } from "../journal/archive.ts";
import type { Model } from "../model/model.ts";
import type { Operation } from "../model/operation.ts";
import type { Policy } from "../model/policy.ts";
import type { Table } from "../model/table.ts";
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
  /** The archived rows by part; of parts whose table still has all their columns. */
  readonly rows: ReadonlyMap<number, RowSet>;
  /** The same before anything was chosen about conflicts. */
  readonly archived: ReadonlyMap<number, RowSet>;
}

/** What a restore is about, before any archived row is read. */
export type RestoreSubject = Omit<RestoreTask, "misfits" | "rows" | "archived">;

/** Reads the archived rows back into scratch tables, to be looked at from all sides. */
export async function readBack(task: RestoreSubject): Promise<RestoreTask> {
  const { place } = task;
  const sets = new ScratchRowSets(place.tx, task.engine.syntax);
  const rows = new Map<number, RowSet>();
  const misfits = new Map<number, { readonly columns: readonly string[]; readonly why: string }>();
  for (const { part, table } of thatFit(task)) {
    const archived = archivedRows(place, part, table);
    const made = await sets.create(scratchFor(part, table));
    const fill = () => sets.add(made, sql`select a.*, 0 as ${id(DEPTH)} from (${archived}) as a`);
    const columns = changedColumns(part, table);
    const filled = columns.length === 0 ? await fill() : await place.tx.attempt(fill);
    if (filled instanceof OnDeleteError) misfits.set(part.part, { columns, why: filled.message });
    else if (columns.length > 0 && (await losesValues(place, made, { select: archived, columns })))
      misfits.set(part.part, { columns, why: "Archived values would be stored as others." });
    else rows.set(part.part, made);
  }
  return { ...task, misfits, rows, archived: rows };
}

/** The archived rows to be read once, straight from the archive. */
export async function readOnce(task: RestoreSubject): Promise<RestoreTask> {
  const sets = new ScratchRowSets(task.place.tx, task.engine.syntax);
  const rows = new Map(
    thatFit(task).map(({ part, table }) => [
      part.part,
      sets.derive(scratchFor(part, table), archivedRows(task.place, part, table)),
    ]),
  );
  return { ...task, misfits: new Map(), rows, archived: rows };
}

const scratchFor = ({ part, columns, key }: ArchivePart, source: Table): ScratchTable => ({
  name: `ondelete_r_${part}`,
  source,
  columns,
  key,
});

/** The parts whose table still has all their columns. */
const thatFit = ({ model, parts }: RestoreSubject) =>
  parts.flatMap((part) => {
    const table = model.tables.find((t) => t.id === part.table);
    const stored = table ? storedColumns(table).map((c) => c.name) : [];
    return table && part.columns.every((c) => stored.includes(c)) ? [{ part, table }] : [];
  });

/** The archived rows of a part, every column as the table has it now. */
export function rowsOf(task: RestoreTask, part: ArchivePart): RowSet {
  return task.rows.get(part.part) ?? unreachable(`part ${part.part} was not read back`);
}
