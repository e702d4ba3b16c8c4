import type { DeletedRows, Effect, PlannedRows } from "../dialect/planned.ts";
import { type ArchivePart, type ArchivePlace, archiveRows, storedColumns } from "../journal/archive.ts";
import type { Report } from "../model/progress.ts";

/** Keeps the rows of a plan as they are before it is carried out; returns what keeps updated rows as they are after it. */
export async function archivePlanned(
  place: ArchivePlace,
  rows: PlannedRows,
  report: Report,
): Promise<() => Promise<void>> {
  let part = 0;
  for (const effect of rows.updates)
    await archiveRows(place, updatedPart(effect, "before", part++), effect.rows);
  const deleted = rows.deletes.flatMap((g) => g.tables);
  const total = deleted.reduce((n, t) => n + t.rows, 0);
  let done = 0;
  for (const table of deleted) {
    report({ phase: "archiving", table: table.table.id, done, total });
    await archiveRows(place, deletedPart(table, part++), table.set);
    done += table.rows;
  }
  return async () => {
    for (const effect of rows.updates)
      await archiveRows(place, updatedPart(effect, "after", part++), effect.rows);
  };
}

function deletedPart({ table, set, rows }: DeletedRows, part: number): ArchivePart {
  const columns = storedColumns(table).map((c) => c.name);
  return {
    part,
    kind: "deleted",
    table: table.id,
    columns,
    key: set.key,
    written: columns,
    relation: null,
    rows,
  };
}

function updatedPart(effect: Effect, kind: "before" | "after", part: number): ArchivePart {
  const written = [...effect.assignments.keys()];
  const columns = [...new Set([...effect.rows.key, ...effect.relation.columns, ...written])];
  return {
    part,
    kind,
    table: effect.table.id,
    columns,
    key: effect.rows.key,
    written,
    relation: effect.relation.id,
    rows: effect.count,
  };
}
