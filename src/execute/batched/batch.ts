import { references } from "../../dialect/edge.ts";
import type { Transaction, WriteOptions } from "../../dialect/engine.ts";
import type { PlannedRows, Roots } from "../../dialect/planned.ts";
import { rowsReferencing } from "../../dialect/referencing.ts";
import { ScratchRowSets } from "../../dialect/row-set.ts";
import { id, list, raw, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import { OnDeleteError, unreachable } from "../../error.ts";
import { type ArchivePart, ArchiveParts, type ArchivePlace } from "../../journal/archive.ts";
import { type Advance, advance } from "../../journal/hold.ts";
import { tableOf } from "../../model/model.ts";
import type { RowCounts } from "../../model/operation.ts";
import type { Blocker, Warning } from "../../model/plan.ts";
import { columnsSetBy } from "../../model/relation.ts";
import { identityOf, isUnique } from "../../model/table.ts";
import type { Position } from "../../model/work.ts";
import { carryOut } from "../carry-out.ts";
import { needsSuspension } from "../suspension.ts";
import { updatedCounts } from "../update-rows.ts";
import { refuseLate } from "./late.ts";
import { relationOf, rootsOf, SLICE, sliceOf, stillParents } from "./selection.ts";
import { listUpdated } from "./updated.ts";
import type { BatchTask, Worker } from "./worker.ts";

export interface BatchDone {
  readonly now: Advance;
  readonly parts: readonly ArchivePart[];
  /** How many rows of the step's table were there to be deleted. */
  readonly rows: number;
  readonly warnings: readonly Warning[];
}

/** What became of a batch: it is done, or nothing of it is, because rows stand in the way or are too many. */
export type BatchEnd =
  | BatchDone
  | { readonly blockers: readonly Blocker[] }
  /** How many rows the keys led to. */
  | { readonly tooMany: number };

/** One transaction of a batched operation. */
export async function runBatch(worker: Worker, task: BatchTask): Promise<BatchEnd> {
  const { limits } = worker.policy;
  const signalled = worker.signal ? { signal: worker.signal } : {};
  const idleTimeoutMs = worker.hold.leaseSeconds * 1000;
  const options: WriteOptions = { lockTimeoutMs: limits.lockTimeoutMs, idleTimeoutMs, ...signalled };
  if (task.step.kind === "set null")
    return worker.engine.write(options, (tx) => nulledRows(worker, task, tx));
  if (isFound(worker, task)) {
    const skips = task.from.position.pass === "skipping" && worker.engine.syntax.forUpdate !== null;
    // Rows are seldom locked: all of them are tried first, and others are waited for only in the second pass.
    const lockTimeoutMs = skips ? Math.min(limits.lockTimeoutMs, limits.targetBatchMs) : limits.lockTimeoutMs;
    const snapshot = worker.archive && worker.engine.capabilities.snapshotsProtect;
    const how = { ...options, lockTimeoutMs, ...(snapshot ? { snapshot } : {}) };
    const done = await worker.engine
      .write(how, (tx) => foundRows(worker, task, tx))
      .catch((error: unknown) => {
        if (skips && error instanceof OnDeleteError && error.code === "locked") return null;
        throw error;
      });
    if (done) return done;
  }
  const done = await worker.engine.write(options, (tx) =>
    selectedRows(worker, task, { tx, suspended: false }),
  );
  if (done !== "suspended actions") return done;
  return worker.engine.write({ ...options, actions: "suspended" }, async (tx) => {
    const again = await selectedRows(worker, task, { tx, suspended: true });
    return again === "suspended actions" ? unreachable("actions were to be suspended") : again;
  });
}

/** Whether all rows that reference the slice can be deleted without having been listed: each is found once, and no trigger minds. */
function isFound(worker: Worker, { step, source, whole }: BatchTask): boolean {
  if (source.relation === null || !whole) return false;
  const { parent, parentColumns } = relationOf(worker, source.relation);
  const { model } = worker;
  return tableOf(model, step.table).triggers.length === 0 && isUnique(tableOf(model, parent), parentColumns);
}

const placeOf = (
  { engine, policy, operation }: Worker,
  { from }: BatchTask,
  tx: Transaction,
): ArchivePlace => ({
  tx,
  syntax: engine.syntax,
  journal: policy.journal,
  operation,
  batch: from.batches,
});

/** All rows that reference a slice of their parents, which no row references. */
async function foundRows(worker: Worker, task: BatchTask, tx: Transaction): Promise<BatchEnd> {
  const { engine, model } = worker;
  const { step, source, slice } = task;
  const place = placeOf(worker, task, tx);
  const { made, listed } = await sliceOf(worker, place, task);
  const relation = relationOf(worker, source.relation ?? "");
  const table = tableOf(model, step.table);
  const parents = await stillParents(worker, place, { made, listed });
  const byParents = { relation, parents, parentRows: slice.keys };
  const from = rowsReferencing(engine.syntax, table, byParents);
  const [count] = await tx.rows(sql`select count(*) as n from ${from}`);
  const rows = Number(count?.n);
  if (rows > task.most) return { tooMany: rows };
  const key = identityOf(table);
  const columns = list(key.map((c) => id("t", c)));
  const set = {
    name: "ondelete_found",
    table,
    columns: key,
    key,
    from: sql`(select ${columns} from ${from})`,
  };
  const found = { table, set, rows, depth: 0, maxDepth: 0, bounds: [null, null] as const, by: [byParents] };
  const deletes = rows === 0 ? [] : [{ tables: [found], within: [] }];
  const planned = { relations: [], unenforced: [], cascade: null, updates: [], marks: [], deletes };
  const next = { ...task.from.position, ...slice.next };
  return change(worker, task, { place, planned, suspended: false, next });
}

/** Some of the rows that reference a slice of their parents lose the reference. */
async function nulledRows(worker: Worker, task: BatchTask, tx: Transaction): Promise<BatchEnd> {
  const { engine, model } = worker;
  const { step, source, slice, limit, from } = task;
  const { syntax } = engine;
  const place = placeOf(worker, task, tx);
  const parents = await stillParents(worker, place, await sliceOf(worker, place, task));
  const relation = relationOf(worker, source.relation ?? "");
  const table = tableOf(model, step.table);
  const refs = references(syntax, model, relation, { child: table.name, parent: SLICE });
  const rows = sql`from (select distinct ${list(parents.columns.map((c) => id(c)))} from ${parents.from} as s) as ${id(SLICE)} ${syntax.drivenJoin} ${syntax.rows(table)} on ${refs}`;
  const key = identityOf(table);
  const columns = list(key.map((c) => id(table.name, c)));
  const locked = syntax.forUpdate?.(table.name, from.position.pass === "skipping") ?? raw("");
  const sets = new ScratchRowSets(tx, syntax);
  const set = await sets.create({ name: "ondelete_updated", source: table, columns: key, key });
  const select = sql`select ${columns}, 0 as ${id(DEPTH)} ${rows} order by ${columns} ${raw(`limit ${limit}`)} ${locked}`;
  const count = await sets.add(set, select);
  const assignments = new Map(columnsSetBy(relation).map((c) => [c, { kind: "null" }] as const));
  const bounds = [null, null] as const;
  const effect = {
    table,
    assignments,
    rows: set,
    count,
    relation,
    set: "null",
    bounds,
    cause: null,
  } as const;
  const updates = count > 0 ? [effect] : [];
  const planned = { relations: [], unenforced: [], cascade: null, updates, marks: [], deletes: [] };
  const next = async (): Promise<Position> => ({
    ...from.position,
    skipped: from.position.skipped || (await leftOut(tx, task, { roots: { from: rows }, rows: count })),
    ...(count < limit ? slice.next : {}),
  });
  return change(worker, task, { place, planned, suspended: false, next });
}

/** The rows of a slice, or some that reference them, with all that goes with each. */
async function selectedRows(
  worker: Worker,
  task: BatchTask,
  { tx, suspended }: { readonly tx: Transaction; readonly suspended: boolean },
): Promise<BatchEnd | "suspended actions"> {
  const { engine, model, work, archive } = worker;
  const { step, from } = task;
  const place = placeOf(worker, task, tx);
  const roots = await rootsOf(worker, place, task);
  const table = tableOf(model, step.table);
  const found = await worker.find(tx, { table, roots, strict: work.strict, archive });
  if (found.blockers.length > 0) return { blockers: found.blockers };
  const planned = found.rows();
  if (!suspended && needsSuspension(engine, planned)) return "suspended actions";
  if (work.late === "stop") await refuseLate(worker, place, planned);
  const rows = rowsOf(planned)[step.table] ?? 0;
  // Of rows found by what they reference there may be more than the limit.
  const whole = task.source.relation === null || rows < task.limit;
  const next = (skipped: boolean): Position => ({
    ...from.position,
    skipped: from.position.skipped || skipped,
    ...(whole ? task.slice.next : {}),
  });
  const looked = async () => next(await leftOut(tx, task, { roots, rows }));
  return change(worker, task, { place, planned, suspended, next: looked });
}

const rowsOf = ({ deletes }: PlannedRows): RowCounts =>
  Object.fromEntries(deletes.flatMap((g) => g.tables).map((t) => [t.table.id, t.rows]));

interface Change {
  readonly place: ArchivePlace;
  readonly planned: PlannedRows;
  readonly suspended: boolean;
  /** The position after it; as a function where that is to be found out when the rows are gone. */
  readonly next: Position | (() => Promise<Position>);
}

/** Archives and changes the rows, and writes down that it has been done. */
async function change(
  worker: Worker,
  task: BatchTask,
  { place, planned, suspended, next }: Change,
): Promise<BatchDone> {
  const { engine, policy, operation, work, target, actor, reason } = worker;
  const { from, step } = task;
  const deleted = rowsOf(planned);
  const updated = await updatedCounts(place.tx, planned.updates);
  await listUpdated(place, work, planned.updates);
  const parts = worker.archive ? new ArchiveParts(task.parts) : null;
  const told = { verb: work.verb, mode: "hard", target, actor, reason } as const;
  const changes = { place, planned, deleted, updated, suspended, parts, told };
  const warnings = planned.deletes.length + planned.updates.length > 0 ? await carryOut(worker, changes) : [];
  const now: Advance = {
    deleted: sum(from.deleted, deleted),
    updated: sum(from.updated, updated),
    batches: from.batches + 1,
    position: typeof next === "function" ? await next() : next,
  };
  await advance({ engine, tx: place.tx, journal: policy.journal, operation }, now, worker.hold);
  return {
    now,
    parts: parts?.all() ?? [],
    rows: (step.kind === "delete" ? deleted : updated)[step.table] ?? 0,
    warnings,
  };
}

/** Whether rows are there that others have locked. */
async function leftOut(
  tx: Transaction,
  { source, slice, limit, from }: BatchTask,
  { roots, rows }: { readonly roots: Roots; readonly rows: number },
): Promise<boolean> {
  const wanted = source.relation === null ? slice.keys : limit;
  if (from.position.pass === "waiting" || rows >= wanted) return false;
  return (await tx.rows(sql`select 1 as found ${roots.from} limit 1`)).length > 0;
}

function sum(a: RowCounts, b: RowCounts): RowCounts {
  const tables = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(tables.map((t) => [t, (a[t] ?? 0) + (b[t] ?? 0)]));
}
