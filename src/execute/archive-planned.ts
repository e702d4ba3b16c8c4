import type { Change, DeletedRows, Effect, PlannedRows } from "../dialect/planned.ts";
import { type ArchivePart, type ArchivePlace, archiveRows, storedColumns } from "../journal/archive.ts";
import type { Report } from "../model/progress.ts";

/** Keeps the rows of a plan as they are before it is carried out; returns what keeps updated rows as they are after it. */
export async function archivePlanned(
  place: ArchivePlace,
  rows: PlannedRows,
  report: Report,
): Promise<() => Promise<void>> {
  let part = 0;
  const changes = [...rows.updates, ...rows.marks];
  for (const change of changes) await archiveRows(place, changedPart(change, "before", part++), change.rows);
  const deleted = rows.deletes.flatMap((g) => g.tables);
  const total = deleted.reduce((n, t) => n + t.rows, 0);
  let done = 0;
  for (const table of deleted) {
    report({ phase: "archiving", table: table.table.id, done, total });
    await archiveRows(place, deletedPart(table, part++), table.set);
    done += table.rows;
  }
  return async () => {
    for (const change of changes) await archiveRows(place, changedPart(change, "after", part++), change.rows);
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

function changedPart(change: Change | Effect, kind: "before" | "after", part: number): ArchivePart {
  const written = [...change.assignments.keys()];
  const relation = "relation" in change ? change.relation : null;
  const columns = [...new Set([...change.rows.key, ...(relation?.columns ?? []), ...written])];
  return {
    part,
    kind,
    table: change.table.id,
    columns,
    key: change.rows.key,
    written,
    relation: relation?.id ?? null,
    rows: change.count,
  };
}
