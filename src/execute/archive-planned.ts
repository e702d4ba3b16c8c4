import type { Change, DeletedRows, Effect, PlannedRows } from "../dialect/planned.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { allOf, id, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import {
  type ArchivePart,
  type ArchivePlace,
  type ArchiveSource,
  archiveRows,
  storedColumns,
} from "../journal/archive.ts";
import type { Report } from "../model/progress.ts";

export interface Archived {
  /** How many rows of the journal were written. */
  readonly written: number;
  /** Keeps updated rows as they are now, after the plan was carried out. */
  readonly after: () => Promise<void>;
}

/** Keeps the rows of a plan as they are before it is carried out. */
export async function archivePlanned(
  place: ArchivePlace,
  rows: PlannedRows,
  report: Report,
): Promise<Archived> {
  let part = 0;
  let written = 0;
  const keep = async (own: ArchivePart, source: ArchiveSource) => {
    written += await archiveRows(place, own, source);
  };
  const changes = [...rows.updates, ...rows.marks];
  const keepChanges = async (kind: "before" | "after") => {
    for (const change of changes)
      await keep(changedPart(change, kind, part++), keptSource(place.syntax, change.rows));
  };
  await keepChanges("before");
  const deleted = rows.deletes.flatMap((g) => g.tables);
  const total = deleted.reduce((n, t) => n + t.rows, 0);
  let done = 0;
  for (const table of deleted) {
    report({ phase: "archiving", table: table.table.id, done, total });
    await keep(deletedPart(table, part++), deletedSource(place.syntax, table, rows));
    done += table.rows;
  }
  return { written, after: () => keepChanges("after") };
}

/** Rows of a set that were locked when they were found. */
const keptSource = (syntax: Syntax, set: RowSet): ArchiveSource => ({
  table: set.table,
  from: sql`${syntax.rows(set.table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`,
  over: (select) => select,
  lock: false,
});

/** Rows that are not kept are read by what they reference, where each can reference one row only. */
function deletedSource(
  syntax: Syntax,
  { table, set, by }: DeletedRows,
  { cascade }: PlannedRows,
): ArchiveSource {
  if (!by && !cascade) return keptSource(syntax, set);
  const over = (uses: readonly RowSet[]) => (select: Sql) => cascade?.over(uses, select) ?? select;
  const [only] = by ?? [];
  if (by?.length !== 1 || !only) return { ...keptSource(syntax, set), over: over([set]), lock: true };
  const { relation, parents } = only;
  const on = relation.columns.map((c, i) => sql`${id("t", c)} = ${id("s", relation.parentColumns[i] ?? "")}`);
  const keyword = relation.indexed ? syntax.drivenJoin : raw("join");
  const from = sql`${parents.from} as s ${keyword} ${syntax.rows(table)} as t on ${allOf(on)}`;
  return { table, from, over: over([parents]), lock: true };
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
