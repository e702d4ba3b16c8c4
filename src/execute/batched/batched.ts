import { type ErrorCode, OnDeleteError } from "../../error.ts";
import { archiveParts } from "../../journal/archive.ts";
import { type Advance, advance, letGo, readWork, take } from "../../journal/hold.ts";
import { operationById } from "../../journal/journal.ts";
import { removeLists } from "../../journal/work.ts";
import type { Operation, OperationState, Outcome } from "../../model/operation.ts";
import type { Blocker, Plan, Warning } from "../../model/plan.ts";
import type { Bounds, Late, Work } from "../../model/work.ts";
import type { Carrier } from "../carry-out.ts";
import { refused } from "../refused.ts";
import { type BatchRequest, type Beginner, begin } from "./begin.ts";
import { readWindow } from "./bounds.ts";
import { owner } from "./owner.ts";
import { distinctUpdated } from "./updated.ts";
import { Walk, type WalkStart } from "./walk.ts";
import type { Worker } from "./worker.ts";

/** What batches are executed with: an open engine, the policy, a clock, and the planner. */
export interface BatchExecutor extends Carrier, Pick<Worker, "find" | "relations"> {}

/**
 * Deletes in many small transactions: rows that nothing of the plan references first, the roots last. What each has done
 * is in the journal when it commits, so that another process can go on where this one ends.
 * @throws as {@link begin}; whatever a batch fails with, after which the operation can be resumed
 */
export async function executeInBatches(
  executor: BatchExecutor & Beginner,
  request: BatchRequest,
): Promise<Outcome> {
  const started = executor.clock.now();
  const { plan, operation } = await begin(executor, request);
  if (operation === null) return notBegun(plan);
  return resumed(executor, { operation, started, held: true, ...request });
}

export interface ResumeRequest {
  readonly operation: string;
  /** As when it began unless given. */
  readonly late?: Late;
  readonly bounds?: Bounds;
  readonly signal?: AbortSignal;
}

/**
 * Goes on with an operation that was paused, that failed or was blocked, or whose process has ended.
 * @throws `unknown-operation`, `not-resumable`, `locked`
 */
export const resumeOperation = (executor: BatchExecutor, request: ResumeRequest): Promise<Outcome> =>
  resumed(executor, { ...request, started: executor.clock.now(), held: false });

interface Start extends ResumeRequest {
  readonly started: Date;
  /** Whether this process has it in its hands already. */
  readonly held: boolean;
}

async function resumed(
  executor: BatchExecutor,
  { operation, started, held, signal, late, bounds = {} }: Start,
): Promise<Outcome> {
  const { engine, policy, model, clock } = executor;
  const { journal, limits } = policy;
  if (bounds.window !== undefined) readWindow(bounds.window);
  const { leaseSeconds } = limits;
  const state = await engine.write({ lockTimeoutMs: limits.lockTimeoutMs }, async (tx) => {
    const entry = { engine, tx, journal, operation };
    const hold = held ? { token: 1, leaseSeconds } : await take(entry, { owner: owner(), leaseSeconds });
    const found = await operationById(engine, tx, journal, { operation });
    const parts = await archiveParts({ tx, syntax: engine.syntax, journal, operation }, model);
    const work = await readWork(entry);
    checkKnown(executor, work.work);
    return { hold, found, parts, ...work };
  });
  const { hold, found } = state;
  const work = late ? { ...state.work, late } : state.work;
  const { target, archive, actor, reason } = found;
  const own = { operation, hold, work, target, archive, actor, reason };
  const worker: Worker = { ...executor, ...own, ...(signal ? { signal } : {}) };
  const end = await untilEnd(worker, { ...state, bounds });
  const seconds = (clock.now().getTime() - started.getTime()) / 1000;
  return outcomeOf(worker, end, { seconds, mode: found.mode });
}

/** @throws `plan-changed` where a table or a relation is gone by which rows were listed */
function checkKnown({ model, relations }: BatchExecutor, { lists, steps }: Work): void {
  const tables = [...lists, ...steps].map((l) => l.table);
  const used = [...lists.map((l) => l.via), ...steps.flatMap((s) => s.sources.map((o) => o.relation))];
  const gone = [
    ...tables.filter((id) => !model.tables.some((t) => t.id === id)),
    ...used.filter((id) => id !== null && !relations.some((r) => r.id === id)),
  ];
  if (gone.length === 0) return;
  const what = [...new Set(gone)].join(", ");
  throw new OnDeleteError(
    "plan-changed",
    `What the operation was planned by is not there any more: ${what}.`,
    {
      hint: "Nothing was changed. Cancel it, and delete what is left anew.",
      details: { gone: [...new Set(gone)] },
    },
  );
}

/** How far it came, and why no further. */
interface End {
  readonly state: Outcome["state"];
  readonly now: Advance;
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
}

async function untilEnd(worker: Worker, from: WalkStart): Promise<End> {
  const walk = new Walk(worker, from);
  try {
    const { blockers, stopped } = await walk.toEnd();
    if (stopped) {
      await leave(worker, "paused");
      return { state: "paused", now: walk.now, blockers, warnings: [...walk.warnings, stopped] };
    }
    if (blockers.length > 0) {
      await leave(worker, "blocked");
      return { state: "blocked", now: walk.now, blockers, warnings: walk.warnings };
    }
    const now = await finish(worker, walk.now);
    return { state: "done", now, blockers, warnings: walk.warnings };
  } catch (error) {
    if (!(error instanceof OnDeleteError)) throw await failed(worker, error);
    const state = await stateAfter(worker, error);
    if (state === "failed") throw await failed(worker, error);
    const warnings = PAUSING.includes(error.code) ? [{ code: error.code, message: error.message }] : [];
    return { state, now: walk.now, blockers: [], warnings: [...walk.warnings, ...warnings] };
  }
}

/** What others have to see to before the operation can go on. */
const PAUSING: readonly ErrorCode[] = ["locked", "late-rows"];

/** What an error makes of an operation: one that others have paused or cancelled is no failure, nor is a lock that is not had. */
async function stateAfter(worker: Worker, error: OnDeleteError): Promise<"paused" | "cancelled" | "failed"> {
  if (error.code === "interrupted" || PAUSING.includes(error.code)) {
    await leave(worker, "paused");
    return "paused";
  }
  if (error.code !== "operation-taken") return "failed";
  const { state } = await found(worker);
  if (state === "paused" || state === "cancelled") return state;
  throw error;
}

const found = ({ engine, policy, operation }: Worker): Promise<Operation> =>
  engine.read({ scratch: false }, (tx) => operationById(engine, tx, policy.journal, { operation }));

/** Marks the operation as failed, where the database can still be told, and says how to go on. */
async function failed(worker: Worker, cause: unknown): Promise<unknown> {
  await leave(worker, "failed").catch(() => {});
  if (!(cause instanceof OnDeleteError)) return cause;
  const { operation } = worker;
  const back = worker.archive ? `, or take them back with \`ondelete restore ${operation}\`` : "";
  const hint = `Every batch before it is done. Go on with \`ondelete resume ${operation}\`${back}.`;
  return new OnDeleteError(cause.code, cause.message, {
    hint,
    details: { ...cause.details, operation },
    cause,
  });
}

/** Lets go of an operation that can go on. */
async function leave(worker: Worker, state: OperationState): Promise<void> {
  const { engine, policy, operation, hold } = worker;
  const { limits, journal } = policy;
  await engine.write({ lockTimeoutMs: limits.lockTimeoutMs }, (tx) =>
    letGo({ engine, tx, journal, operation }, { state, at: null }, hold),
  );
}

/** Writes down that all is done; what was needed for it goes. */
async function finish(worker: Worker, last: Advance): Promise<Advance> {
  const { engine, policy, model, operation, clock, hold, work } = worker;
  const { limits, journal } = policy;
  return engine.write({ lockTimeoutMs: limits.lockTimeoutMs }, async (tx) => {
    const entry = { engine, tx, journal, operation };
    const place = { tx, syntax: engine.syntax, journal, operation };
    const { updated } = last;
    const now = { ...last, updated: await distinctUpdated(place, model, { work, updated }) };
    await advance(entry, now, hold);
    await letGo(entry, { state: work.erase ? "erased" : "done", at: clock.now() }, hold);
    await removeLists(place);
    return now;
  });
}

function notBegun(plan: Plan): Outcome {
  const { engine, mode } = plan;
  const nothing = { deleted: {}, updated: {}, batches: 0, seconds: 0, archive: false, undo: null } as const;
  const base = { ondelete: "1", kind: "outcome", engine, operation: null, mode, ...nothing } as const;
  return plan.verdict === "blocked"
    ? { ...base, state: "blocked", plan: refused(plan), blockers: plan.blockers }
    : { ...base, state: "done" };
}

function outcomeOf(
  { engine, operation, archive }: Worker,
  { state, now, blockers, warnings }: End,
  { seconds, mode }: { readonly seconds: number; readonly mode: Plan["mode"] },
): Outcome {
  const { deleted, updated, batches } = now;
  return {
    ondelete: "1",
    kind: "outcome",
    engine: engine.info,
    operation,
    mode,
    state,
    deleted,
    updated,
    batches,
    seconds,
    archive,
    undo: archive ? `ondelete restore ${operation}` : null,
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(state === "blocked" ? { blockers } : {}),
  };
}
