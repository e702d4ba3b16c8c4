import type { Engine, Transaction, WriteOptions } from "../dialect/engine.ts";
import type { PlannedRows } from "../dialect/planned.ts";
import { unreachable } from "../error.ts";
import { ArchiveParts } from "../journal/archive.ts";
import { type Clock, ensureJournal, makeJournal, newOperationId, record } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { Outcome, RowCounts } from "../model/operation.ts";
import { type Plan, rowsThatGo, type Target, type Warning } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Report } from "../model/progress.ts";
import { carryOut } from "./carry-out.ts";
import { erased } from "./erased.ts";
import { checkComplete, checkExpected, type Expected } from "./expected.ts";
import { refused } from "./refused.ts";
import { retried } from "./retried.ts";
import { needsSuspension } from "./suspension.ts";
import { updatedCounts } from "./update-rows.ts";

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
  /** The most rows that one transaction should delete; any number where it is not given. */
  readonly atomicRows?: number;
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
export const executeDelete = async (executor: Executor, request: ExecuteRequest): Promise<Outcome> =>
  (await executeIfSmall(executor, request)) ?? unreachable("a delete without a limit was too large");

/** The same; null, with nothing changed, where it would delete more rows than one transaction should. */
export async function executeIfSmall(executor: Executor, request: ExecuteRequest): Promise<Outcome | null> {
  const started = executor.clock.now();
  const done = await carriedOut(executor, request, started);
  if (done === null) return null;
  return outcomeOf(done, request, (executor.clock.now().getTime() - started.getTime()) / 1000);
}

/** What has to be there before the transaction can do its work. */
type Prerequisite = "journal" | "suspended actions";

/** Carries out the delete; where its transaction finds that something has to be there first, it is begun again. */
async function carriedOut(executor: Executor, request: ExecuteRequest, started: Date): Promise<Done | null> {
  const prepared = new Set<Prerequisite>();
  for (;;) {
    const suspended = prepared.has("suspended actions");
    const done = await retried(executor.clock, (failures) =>
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
): Promise<Done | Prerequisite | null> {
  const { engine, policy, clock } = executor;
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
    if (plan.verdict === "blocked") return { plan: refused(plan), operation: null, counts: NOTHING };
    const deleted = rowsThatGo(plan);
    const { atomicRows = Number.POSITIVE_INFINITY } = request;
    if (plan.totals.deleted > atomicRows && !tx.joined) return null;
    if (Object.keys(deleted).length === 0) return { plan, operation: null, counts: NOTHING };
    const planned = rows();
    const counts = { deleted, updated: await updatedCounts(tx, planned.updates) };
    if (!suspended && !tx.joined && needsSuspension(engine, planned)) return "suspended actions";
    const operation = newOperationId(clock);
    if (!(await ensureJournal(engine, tx, policy.journal))) return "journal";
    const place = { tx, syntax: engine.syntax, journal: policy.journal, operation };
    const target = request.erase ? erased(plan).target : request.target;
    const { verb, actor, reason } = request;
    const warnings = await carryOut(executor, {
      place,
      planned,
      ...counts,
      suspended,
      parts: request.archive ? new ArchiveParts([]) : null,
      told: { verb, mode: plan.mode, target, actor, reason },
    });
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
      actor,
      reason,
      batches: 1,
    });
    return { plan, operation, counts, warnings };
  });
}

/** What is written down of a delete that is no erasure. */
const recorded = (plan: Plan, { target }: ExecuteRequest) =>
  ({ state: "done", target, plan, digest: plan.digest }) as const;

interface Done {
  readonly warnings?: readonly Warning[];
  readonly plan: Plan;
  readonly operation: string | null;
  readonly counts: { readonly deleted: RowCounts; readonly updated: RowCounts };
}

const NOTHING = { deleted: {}, updated: {} };

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
