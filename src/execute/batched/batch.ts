import type { Transaction, WriteOptions } from "../../dialect/engine.ts";
import type { Roots } from "../../dialect/planned.ts";
import { type RowSet, ScratchRowSets } from "../../dialect/row-set.ts";
import { allOf, id, list, type Sql, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import { unreachable } from "../../error.ts";
import { type ArchivePart, ArchiveParts, type ArchivePlace } from "../../journal/archive.ts";
import { type Advance, advance } from "../../journal/hold.ts";
import { listedRows } from "../../journal/work.ts";
import { tableOf } from "../../model/model.ts";
import type { RowCounts } from "../../model/operation.ts";
import type { Blocker, Warning } from "../../model/plan.ts";
import type { Relation } from "../../model/relation.ts";
import { identityOf, type Table } from "../../model/table.ts";
import type { WorkList, WorkSource, WorkStep } from "../../model/work.ts";
import { carryOut } from "../carry-out.ts";
import { needsSuspension } from "../suspension.ts";
import { updatedCounts } from "../update-rows.ts";
import type { Slice } from "./cursor.ts";
import type { Worker } from "./worker.ts";

/** Some rows to be deleted in one transaction. */
export interface BatchTask {
  readonly step: WorkStep;
  readonly source: WorkSource;
  readonly slice: Slice;
  /** The most rows of the step's table. */
  readonly limit: number;
  readonly from: Advance;
  readonly parts: readonly ArchivePart[];
}

export interface BatchDone {
  readonly now: Advance;
  readonly parts: readonly ArchivePart[];
  /** How many rows of the step's table were there to be deleted. */
  readonly rows: number;
  readonly warnings: readonly Warning[];
}

/** One transaction of a batched operation; the blockers, with nothing done, where there are any. */
export async function runBatch(
  worker: Worker,
  task: BatchTask,
): Promise<BatchDone | { readonly blockers: readonly Blocker[] }> {
  const options: WriteOptions = {
    lockTimeoutMs: worker.policy.limits.lockTimeoutMs,
    ...(worker.signal ? { signal: worker.signal } : {}),
  };
  const done = await worker.engine.write(options, (tx) =>
    inTransaction(worker, task, { tx, suspended: false }),
  );
  if (done !== "suspended actions") return done;
  return worker.engine.write({ ...options, actions: "suspended" }, async (tx) => {
    const again = await inTransaction(worker, task, { tx, suspended: true });
    return again === "suspended actions" ? unreachable("actions were to be suspended") : again;
  });
}

async function inTransaction(
  worker: Worker,
  task: BatchTask,
  { tx, suspended }: { readonly tx: Transaction; readonly suspended: boolean },
): Promise<BatchDone | { readonly blockers: readonly Blocker[] } | "suspended actions"> {
  const { engine, policy, model, operation, work } = worker;
  const { step, from } = task;
  const place: ArchivePlace = {
    tx,
    syntax: engine.syntax,
    journal: policy.journal,
    operation,
    batch: from.batches,
  };
  const roots = await rootsOf(worker, place, task);
  const table = tableOf(model, step.table);
  const { archive } = worker;
  const found = await worker.find(tx, { table, roots, strict: work.strict, archive });
  if (found.blockers.length > 0) return { blockers: found.blockers };
  const planned = found.rows();
  if (!suspended && needsSuspension(engine, planned)) return "suspended actions";
  const gone = planned.deletes.flatMap((g) => g.tables);
  const deleted: RowCounts = Object.fromEntries(gone.map((t) => [t.table.id, t.rows]));
  const updated = await updatedCounts(tx, planned.updates);
  const parts = archive ? new ArchiveParts(task.parts) : null;
  const { target, actor, reason } = worker;
  const told = { verb: work.verb, mode: "hard", target, actor, reason } as const;
  const changes = { place, planned, deleted, updated, suspended, parts, told };
  const warnings = gone.length > 0 ? await carryOut(worker, changes) : [];
  const rows = deleted[step.table] ?? 0;
  const { position } = from;
  const more = (await leftOut(tx, task, { roots, rows })) || position.skipped;
  // Of rows found by what they reference there may be more than the limit.
  const whole = task.source.relation === null || rows < task.limit;
  const now: Advance = {
    deleted: sum(from.deleted, deleted),
    updated: sum(from.updated, updated),
    batches: from.batches + 1,
    position: { ...position, skipped: more, ...(whole ? task.slice.next : {}) },
  };
  await advance({ engine, tx, journal: policy.journal, operation }, now, worker.hold);
  return { now, parts: parts?.all() ?? [], rows, warnings };
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

/** An alias that no table has as its name. */
const SLICE = "ondelete:slice";

/** The rows of the batch: those of a slice of a list, or some of those that reference them; as long as they still are what they were. */
async function rootsOf(worker: Worker, place: ArchivePlace, task: BatchTask): Promise<Roots> {
  const { model, work, engine } = worker;
  const { step, source, slice } = task;
  const listed = work.lists.find((l) => l.list === source.list) ?? unreachable("a step without its list");
  const table = tableOf(model, listed.table);
  const key = identityOf(table);
  const sets = new ScratchRowSets(place.tx, engine.syntax);
  const made = await sets.create({ name: "ondelete_slice", source: table, columns: listed.columns, key });
  const rows = listedRows(place, listed, { table, key, slice: slice.rows });
  await sets.add(made, sql`select a.*, 0 as ${id(DEPTH)} from (${rows}) as a`);
  const skipLocked = task.from.position.pass === "skipping";
  const { drivenJoin } = engine.syntax;
  if (source.relation === null) {
    const still = stillThere(worker, listed, { own: table.name, set: SLICE });
    const from = sql`from ${made.from} as ${id(SLICE)} ${drivenJoin} ${engine.syntax.rows(table)} on ${still}`;
    return { from, skipLocked };
  }
  const relation = relationOf(worker, source.relation);
  const from = referencing(worker, { relation, listed, made, child: tableOf(model, step.table) });
  return { from, skipLocked, limit: task.limit };
}

interface Referencing {
  readonly relation: Relation;
  readonly listed: WorkList;
  readonly made: RowSet;
  readonly child: Table;
}

function referencing(worker: Worker, { relation, listed, made, child }: Referencing): Sql {
  const { syntax } = worker.engine;
  const still = stillThere(worker, listed, { own: "p", set: "s" });
  const values = relation.parentColumns.map((c, i) => sql`${id("p", c)} as ${id(`value_${i}`)}`);
  const parents = sql`select distinct ${list(values)} from ${made.from} as s ${syntax.drivenJoin} ${syntax.rows(made.table)} as p on ${still}`;
  const on = relation.columns.map((c, i) => sql`${id(child.name, c)} = ${id(SLICE, `value_${i}`)}`);
  const keyword = relation.indexed ? syntax.drivenJoin : sql`join`;
  return sql`from (${parents}) as ${id(SLICE)} ${keyword} ${syntax.rows(child)} on ${allOf(on)}`;
}

/** Whether a row is the one of the list, and still references what it did by the relation through which it was found. */
function stillThere(
  worker: Worker,
  { table, via }: WorkList,
  { own, set }: { readonly own: string; readonly set: string },
): Sql {
  const relation = via === null ? null : relationOf(worker, via);
  const columns = [
    ...identityOf(tableOf(worker.model, table)),
    ...(relation?.columns ?? []),
    ...(relation?.when ? [relation.when.column] : []),
  ];
  return allOf([...new Set(columns)].map((c) => sql`${id(own, c)} = ${id(set, c)}`));
}

const relationOf = ({ relations }: Worker, wanted: string): Relation =>
  relations.find((r) => r.id === wanted) ?? unreachable(`no relation ${wanted}`);

function sum(a: RowCounts, b: RowCounts): RowCounts {
  const tables = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(tables.map((t) => [t, (a[t] ?? 0) + (b[t] ?? 0)]));
}
