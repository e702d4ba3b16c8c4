import { setTimeout } from "node:timers/promises";
import type { Engine, Transaction, WriteOptions } from "../dialect/engine.ts";
import type { Effect, PlannedRows } from "../dialect/planned.ts";
import { sameKey } from "../dialect/row-set.ts";
import { sql } from "../dialect/sql.ts";
import { type ErrorCode, OnDeleteError, unreachable } from "../error.ts";
import type { ArchivePlace } from "../journal/archive.ts";
import { announce } from "../journal/hooks.ts";
import { type Clock, ensureJournal, makeJournal, newOperationId, record } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { Outcome, RowCounts } from "../model/operation.ts";
import { type Plan, rowsThatGo, type Target, type Warning } from "../model/plan.ts";
import { hasOutbox, type Policy } from "../model/policy.ts";
import type { Report } from "../model/progress.ts";
import { archivePlanned } from "./archive-planned.ts";
import { changeRows } from "./change-rows.ts";
import { enqueueFiles } from "./enqueue-files.ts";
import { erased } from "./erased.ts";
import { checkExpected, type Expected } from "./expected.ts";
import { needsSuspension, proveNoReference } from "./suspension.ts";
import { plannedCount } from "./update-rows.ts";

export interface ExecuteRequest {
  /** On whose behalf; hooks are told. */
  readonly verb: "delete" | "purge";
  readonly target: Target;
  readonly archive: boolean;
  /** Whether nothing that tells of the rows is to be left, in the journal either. */
  readonly erase?: boolean;
  readonly expected: Expected;
  readonly reason: string | null;
  readonly actor: string | null;
  readonly signal?: AbortSignal;
}

/** What execution is given from outside: an open engine, the policy, a clock, and the planner. */
export interface Executor {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly report: Report;
  /**
   * Plans in the transaction that is about to delete, rows locked; with `kept` their keys are in its row sets also where
   * the engine's own cascade could delete them.
   */
  readonly plan: (
    tx: Transaction,
    options: { readonly kept: boolean },
  ) => Promise<{ readonly plan: Plan; readonly rows: () => PlannedRows }>;
  /** Whether it may be done in one snapshot. */
  readonly snapshot: boolean;
}

/**
 * Deletes in one transaction what a plan made under locks says; the journal commits with it.
 *
 * @throws `plan-changed` where it is not the expected plan; `too-many-rows` where the plan is not complete;
 * `privilege-missing`; `count-mismatch` where a statement changed another number of rows than planned; `locked`.
 * After any of them nothing is changed.
 */
export async function executeDelete(executor: Executor, request: ExecuteRequest): Promise<Outcome> {
  const started = executor.clock.now();
  const done = await carriedOut(executor, request, started);
  return outcomeOf(done, request, (executor.clock.now().getTime() - started.getTime()) / 1000);
}

/** What has to be there before the transaction can do its work. */
type Prerequisite = "journal" | "suspended actions";

/** Carries out the delete; where its transaction finds that something has to be there first, it is begun again. */
async function carriedOut(executor: Executor, request: ExecuteRequest, started: Date): Promise<Done> {
  const prepared = new Set<Prerequisite>();
  for (;;) {
    const suspended = prepared.has("suspended actions");
    const done = await retried(executor, (failures) =>
      once(executor, request, {
        started,
        suspended,
        snapshot: executor.snapshot && request.archive && failures.length === 0,
        // A count of what a cascade did that could not be had, or was another, is not asked for twice.
        kept: failures.includes("count-mismatch"),
      }),
    );
    if (typeof done !== "string") return done;
    if (prepared.has(done)) return unreachable(`${done} were to be there`);
    if (done === "journal")
      await makeJournal(executor.engine, executor.policy.journal, writeOptions(executor, request));
    prepared.add(done);
  }
}

function writeOptions({ policy }: Executor, { signal }: ExecuteRequest): WriteOptions {
  return { lockTimeoutMs: policy.limits.lockTimeoutMs, ...(signal ? { signal } : {}) };
}

const TRIES = 5;

/** Tries again where others were in the way, as in a deadlock: all of it was rolled back. */
async function retried<T>(
  { clock }: Executor,
  work: (failures: readonly ErrorCode[]) => Promise<T>,
): Promise<T> {
  const failures: ErrorCode[] = [];
  for (;;) {
    try {
      return await work(failures);
    } catch (error) {
      if (!(error instanceof OnDeleteError) || error.details.retriable !== true) throw error;
      if (failures.push(error.code) === TRIES) throw error;
      await setTimeout(failures.length * 20 + clock.random() * 100);
    }
  }
}

interface Attempt {
  readonly started: Date;
  readonly suspended: boolean;
  /** Whether to see one snapshot, so that rows to be archived need no lock. */
  readonly snapshot: boolean;
  readonly kept: boolean;
}

/** One transaction; the prerequisite that it lacks, with nothing done, where it lacks one. */
async function once(
  executor: Executor,
  request: ExecuteRequest,
  { started, suspended, snapshot, kept }: Attempt,
): Promise<Done | Prerequisite> {
  const { engine, model, policy, clock } = executor;
  const options: WriteOptions = {
    ...writeOptions(executor, request),
    ...(suspended ? { actions: "suspended" } : {}),
    ...(snapshot ? { snapshot } : {}),
  };
  return engine.write(options, async (tx) => {
    executor.report({ phase: "planning", table: null, done: 0, total: 0 });
    const { plan, rows } = await executor.plan(tx, { kept });
    checkComplete(plan);
    checkExpected(plan, request.expected);
    if (plan.verdict === "blocked") return refused(plan);
    const deleted = rowsThatGo(plan);
    if (Object.keys(deleted).length === 0) return { plan, operation: null, counts: NOTHING };
    const planned = rows();
    const counts = { deleted, updated: await updatedCounts(tx, planned.updates) };
    if (!suspended && !tx.joined && needsSuspension(engine, planned)) return "suspended actions";
    const operation = newOperationId(clock);
    if (!(await ensureJournal(engine, tx, policy.journal))) return "journal";
    const place = { tx, syntax: engine.syntax, journal: policy.journal, operation };
    const warnings = await announceAndEnqueue(executor, request, { place, plan, planned, counts });
    const lock = !(tx.snapshot && engine.capabilities.snapshotsProtect);
    const archived = request.archive
      ? await archivePlanned(place, planned, { engine, lock, report: executor.report })
      : null;
    const journalRows = (archived?.written ?? 0) + (policy.hooks.after ? 1 : 0);
    const changes = { tx, engine, model, report: executor.report, journalRows };
    await changeRows(changes, archived?.left ?? planned);
    await archived?.after();
    await proveNoReference(changes, planned, suspended);
    const entry = {
      operation,
      mode: plan.mode,
      archive: request.archive,
      ...(request.erase ? erased(plan) : recorded(plan, request)),
    } as const;
    const times = { started: started.toISOString(), finished: clock.now().toISOString() };
    await record(engine, tx, policy.journal, {
      ...entry,
      ...times,
      ...counts,
      actor: request.actor,
      reason: request.reason,
    });
    return { plan, operation, counts, warnings };
  });
}

/** What is written down of a delete that is no erasure. */
const recorded = (plan: Plan, { target }: ExecuteRequest) =>
  ({ state: "done", target, plan, digest: plan.digest }) as const;

/** Calls hooks and writes down what is to be done after the commit. */
async function announceAndEnqueue(
  { engine, model, policy, clock }: Executor,
  { archive, erase, verb, target, actor, reason }: ExecuteRequest,
  { place, plan, planned, counts }: Deletion,
): Promise<readonly Warning[]> {
  if (!hasOutbox(policy)) return [];
  const at = clock.now();
  const { operation } = place;
  const deleted = planned.deletes.flatMap((g) => g.tables);
  const going = [...deleted, ...planned.marks.map(({ table, rows }) => ({ table, set: rows }))];
  const rows = going.map(({ table, set }) => ({
    table,
    from: sql`${engine.syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`,
  }));
  const told = erase ? erased(plan).target : target;
  const event = { verb, operation, mode: plan.mode, target: told, ...counts, actor, reason };
  await announce(place, { policy, event, rows, at });
  return enqueueFiles(place, { engine, model, policy, deleted, archive, at });
}

interface Deletion {
  readonly place: ArchivePlace;
  readonly plan: Plan;
  readonly planned: PlannedRows;
  readonly counts: Done["counts"];
}

interface Done {
  readonly warnings?: readonly Warning[];
  readonly plan: Plan;
  readonly operation: string | null;
  readonly counts: { readonly deleted: RowCounts; readonly updated: RowCounts };
}

const NOTHING = { deleted: {}, updated: {} };

function checkComplete(plan: Plan): void {
  if (plan.complete) return;
  throw new OnDeleteError(
    "too-many-rows",
    `The delete takes at least ${plan.totals.deleted} rows, more than the limit allows; counting stopped at ${plan.stoppedAt}.`,
    {
      hint: "Nothing was changed. Raise --max-rows or limits.maxRows, or select fewer rows.",
      details: { atLeast: plan.totals.deleted, stoppedAt: plan.stoppedAt },
    },
  );
}

/** A blocked plan, or a failure where nothing but missing privileges blocks it. */
function refused(plan: Plan): Done {
  if (plan.blockers.every((b) => b.reason === "privilege")) {
    throw new OnDeleteError("privilege-missing", plan.blockers.map((b) => b.message).join(" "), {
      hint: "Nothing was changed. Connect as a role that may, or have the rights granted.",
      details: { blockers: plan.blockers },
    });
  }
  return { plan, operation: null, counts: NOTHING };
}

function outcomeOf(
  { plan, operation, counts, warnings = [] }: Done,
  request: ExecuteRequest,
  seconds: number,
): Outcome {
  const base = {
    ondelete: "1",
    kind: "outcome",
    engine: plan.engine,
    operation,
    mode: plan.mode,
    batches: operation ? 1 : 0,
    seconds,
  } as const;
  if (plan.verdict === "blocked") {
    return {
      ...base,
      state: "blocked",
      deleted: {},
      updated: {},
      archive: false,
      undo: null,
      plan,
      blockers: plan.blockers,
    };
  }
  const archive = request.archive && operation !== null;
  return {
    ...base,
    state: "done",
    ...counts,
    archive,
    undo: archive ? `ondelete restore ${operation}` : null,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Distinct rows: one row may lose several references. */
async function updatedCounts(tx: Transaction, updates: readonly Effect[]): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const [table, group] of Map.groupBy(updates, (e) => e.table.id))
    counts[table] = await plannedCount(tx, group);
  return counts;
}
