import { type Slice, slicesOf, updateStatement } from "../dialect/change.ts";
import type { Engine } from "../dialect/engine.ts";
import { isLive } from "../dialect/marker.ts";
import type { Change, DeletedRows, Effect, PlannedRows, References } from "../dialect/planned.ts";
import { rowsReferencing } from "../dialect/referencing.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import {
  type ArchivePart,
  type ArchiveParts,
  type ArchivePlace,
  type ArchiveSource,
  archiveRows,
  recordPart,
  storedColumns,
} from "../journal/archive.ts";
import { shapeOf } from "../journal/shape.ts";
import type { Report } from "../model/progress.ts";
import { columnOf } from "../model/table.ts";

export interface Archived {
  /** How many rows of the journal were written. */
  readonly written: number;
  /** What is left to be done of the plan: some marks are written as their rows are archived. */
  readonly left: PlannedRows;
  /** Keeps updated rows as they are now, after the plan was carried out. */
  readonly after: () => Promise<void>;
}

export interface ArchiveHow {
  readonly engine: Engine;
  /** Whether rows that were not locked when they were found have to be before they are read. */
  readonly lock: boolean;
  readonly report: Report;
  readonly parts: ArchiveParts;
}

/** Keeps the rows of a plan as they are before it is carried out. */
export async function archivePlanned(
  place: ArchivePlace,
  rows: PlannedRows,
  { engine, lock, report, parts }: ArchiveHow,
): Promise<Archived> {
  let written = 0;
  const numbered = (own: Omit<ArchivePart, "part">) => {
    const part = parts.numbered(own);
    return { part, isKnown: parts.isKnown(part.part) };
  };
  const keep = async (own: ReturnType<typeof numbered>, source: ArchiveSource) => {
    written += await archiveRows(place, own, { ...source, lock: lock && source.lock });
  };
  const changes = [...rows.updates, ...rows.marks];
  const deleted = rows.deletes.flatMap((g) => g.tables);
  const total = deleted.reduce((n, t) => n + t.rows, 0);
  const before = new Map<Change, number>();
  const marked = new Set<Change>();
  for (const change of changes) {
    const own = numbered(changedPart(change, "before"));
    before.set(change, own.part.part);
    const source = engine.capabilities.changesTablesTogether
      ? markedSource(place.syntax, change, own.part)
      : null;
    if (source) marked.add(change);
    await keep(own, source ?? changedSource(place.syntax, change));
  }
  let done = 0;
  for (const table of deleted) {
    report({ phase: "archiving", table: table.table.id, done, total });
    await keep(numbered(deletedPart(table)), deletedSource(place.syntax, table, rows));
    done += table.rows;
  }
  const after = async () => {
    for (const change of changes) {
      const own = changedPart(change, "after");
      // Each batch marks with a time of its own.
      const same = place.batch === undefined ? sameAfter(change, before.get(change) ?? 0) : undefined;
      if (same) await recordPart(place, numbered({ ...own, same }), change.table);
      else await archiveRows(place, numbered(own), keptSource(place.syntax, change.rows));
    }
  };
  return { written, left: { ...rows, marks: rows.marks.filter((m) => !marked.has(m)) }, after };
}

/** Rows of a set that were locked when they were found. */
const keptSource = (syntax: Syntax, set: RowSet): ArchiveSource => ({
  table: set.table,
  from: [sql`${syntax.rows(set.table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`],
  over: (select) => select,
  lock: false,
});

/** Rows that are not kept are read by what they reference, where each can reference one row only. */
function deletedSource(
  syntax: Syntax,
  { table, set, rows, by }: DeletedRows,
  { cascade }: PlannedRows,
): ArchiveSource {
  if (!by && !cascade) return keptSource(syntax, set);
  const over = (uses: readonly RowSet[]) => (select: Sql) => cascade?.over(uses, select) ?? select;
  const [only] = by ?? [];
  if (by?.length !== 1 || !only) return { ...keptSource(syntax, set), over: over([set]), lock: true };
  // A set that is not kept would have to be found anew for each slice.
  const slices = cascade ? [null] : slicesBy(syntax, only, rows);
  const from = slices.map((slice) => rowsReferencing(syntax, table, only, slice));
  return { table, from, over: over([only.parents]), lock: true };
}

/** To get to a slice, all before it are passed over. */
const MOST_SLICES = 50;

/** Slices of parents whose rows are few enough to be sorted in memory, unless they are too many. */
function slicesBy(syntax: Syntax, { parentRows }: References, rows: number): readonly (Slice | null)[] {
  const most = MOST_SLICES * (syntax.rowsPerDelete ?? 0);
  return slicesOf(syntax, { rows: parentRows, deleted: Math.min(rows, most) });
}

function changedSource(syntax: Syntax, { table, rows, by, marker }: Change): ArchiveSource {
  if (!by || !marker) return keptSource(syntax, rows);
  const from = sql`${rowsReferencing(syntax, table, by)} and ${isLive("t", table, marker)}`;
  return { table, from: [from], over: (select) => select, lock: true };
}

/**
 * Rows that are marked by the statement that archives them, so that they are read once: leaves whose marker holds null
 * before, and where no trigger has a say. Null for others.
 */
function markedSource(syntax: Syntax, change: Change, { columns }: ArchivePart): ArchiveSource | null {
  const { table, by, marker } = change;
  if (!by || !marker || marker.kind === "boolean" || table.triggers.length > 0) return null;
  const values = columns.map((name) =>
    name === marker.column
      ? sql`${syntax.assigned(raw("null"), columnOf(table, name))} as ${id(name)}`
      : id(name),
  );
  return {
    table,
    first: sql`with "marked" as (${updateStatement(syntax, [change])} returning ${list(values)})`,
    from: [raw('"marked" as t')],
    over: (select) => select,
    lock: false,
  };
}

/** Marked rows all hold the same afterwards, unless a trigger sees to something else. */
function sameAfter({ table, marker, assignments }: Change, of: number): ArchivePart["same"] {
  const assigned = marker && assignments.get(marker.column);
  if (!marker || assigned?.kind !== "marker" || assigned.text === null || table.triggers.length > 0)
    return undefined;
  return { of, values: { [marker.column]: assigned.text } };
}

function deletedPart({ table, set, rows }: DeletedRows): Omit<ArchivePart, "part"> {
  const columns = storedColumns(table).map((c) => c.name);
  return {
    kind: "deleted",
    table: table.id,
    columns,
    key: set.key,
    written: columns,
    relation: null,
    rows,
    was: shapeOf(table, columns),
  };
}

function changedPart(change: Change | Effect, kind: "before" | "after"): Omit<ArchivePart, "part"> {
  const written = [...change.assignments.keys()];
  const relation = "relation" in change ? change.relation : null;
  const columns = [...new Set([...change.rows.key, ...(relation?.columns ?? []), ...written])];
  return {
    kind,
    table: change.table.id,
    columns,
    key: change.rows.key,
    written,
    relation: relation?.id ?? null,
    rows: change.count,
    was: shapeOf(change.table, columns),
  };
}
