import { setTimeout } from "node:timers/promises";
import { type ErrorCode, OnDeleteError } from "../../error.ts";
import { type ArchivePart, archiveParts } from "../../journal/archive.ts";
import { type Advance, advance, letGo, readWork, take } from "../../journal/hold.ts";
import { operationById } from "../../journal/journal.ts";
import { type Chunk, chunksOf, removeLists } from "../../journal/work.ts";
import type { Operation, OperationState, Outcome, RowCounts } from "../../model/operation.ts";
import type { Blocker, Plan, Warning } from "../../model/plan.ts";
import type { Bounds, Late, WorkSource, WorkStep } from "../../model/work.ts";
import type { Carrier } from "../carry-out.ts";
import { refused } from "../refused.ts";
import { retried } from "../retried.ts";
import { runBatch } from "./batch.ts";
import { type BatchRequest, type Beginner, begin } from "./begin.ts";
import { enough, readWindow, type Spent } from "./bounds.ts";
import { afterSource, sliceAt } from "./cursor.ts";
import { owner } from "./owner.ts";
import { distinctUpdated } from "./updated.ts";
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
    return { hold, found, parts, ...(await readWork(entry)) };
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

/** How far it came, and why no further. */
interface End {
  readonly state: Outcome["state"];
  readonly now: Advance;
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
}

interface Begin extends Advance {
  readonly bounds: Bounds;
  readonly plan: Plan;
  readonly parts: readonly ArchivePart[];
}

async function untilEnd(worker: Worker, from: Begin): Promise<End> {
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
  const hint = `Every batch before it is done. Go on with \`ondelete resume ${operation}\`, or take them back with \`ondelete restore ${operation}\`.`;
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

/** Goes through the steps of an operation, a batch at a time. */
class Walk {
  now: Advance;
  readonly warnings: Warning[] = [];
  readonly #worker: Worker;
  readonly #plan: Plan;
  readonly #chunks = new Map<number, readonly Chunk[]>();
  #parts: readonly ArchivePart[];
  #size: number;
  readonly #bounds: Bounds;
  /** Rows that earlier processes have deleted. */
  readonly #before: number;
  readonly #started = performance.now();
  /** How many parents are taken at once where those of the last try had too many children; null where that is not known. */
  #few: number | null = null;
  /** The source whose next parent has too many children to be deleted at once. */
  #oneByOne: WorkSource | null = null;

  constructor(worker: Worker, { plan, parts, bounds, ...now }: Begin) {
    this.now = now;
    this.#bounds = bounds;
    this.#before = rowsIn(now.deleted);
    this.#worker = worker;
    this.#plan = plan;
    this.#parts = parts;
    this.#size = Math.min(FIRST_SIZE, worker.work.batchRows);
  }

  /** Ends with the blockers that it met, or with why it is to stop, if anything. */
  async toEnd(): Promise<{ readonly blockers: readonly Blocker[]; readonly stopped: Warning | null }> {
    for (let step = this.#step(); step; step = this.#step()) {
      const stopped = enough(this.#bounds, this.#spent());
      if (stopped) return { blockers: [], stopped };
      const blockers = await this.#advance(step);
      if (blockers.length > 0) return { blockers, stopped: null };
    }
    this.#report(null);
    return { blockers: [], stopped: null };
  }

  #spent(): Spent {
    return {
      rows: rowsIn(this.now.deleted) - this.#before,
      seconds: (performance.now() - this.#started) / 1000,
      now: this.#worker.clock.now(),
    };
  }

  /** The most rows of the next batch. */
  get #limit(): number {
    const { rows = Number.POSITIVE_INFINITY } = this.#bounds;
    return Math.min(this.#size, Math.max(1, rows - this.#spent().rows));
  }

  #step(): WorkStep | undefined {
    return this.#worker.work.steps[this.now.position.step];
  }

  async #advance(step: WorkStep): Promise<readonly Blocker[]> {
    const { position } = this.now;
    const source = step.sources[position.source];
    const slice = source && sliceAt(await this.#chunksOf(source), position, this.#keysFor(step, source));
    if (!source || !slice) {
      this.now = { ...this.now, position: afterSource(position, step) };
      return [];
    }
    this.#report(step.table);
    const begun = performance.now();
    const whole = this.#oneByOne !== source;
    const limit = this.#limit;
    const most = limit < this.#size ? limit : 2 * limit;
    const task = { step, source, slice, whole, limit, most, from: this.now, parts: this.#parts };
    const done = await retried(this.#worker.clock, () => runBatch(this.#worker, task));
    if ("blockers" in done) return done.blockers;
    if ("tooMany" in done) {
      if (slice.keys === 1) this.#oneByOne = source;
      this.#few = Math.max(1, Math.floor((slice.keys * limit) / done.tooMany));
      return [];
    }
    if (done.now.position.chunk !== position.chunk || done.now.position.offset !== position.offset) {
      this.#few = null;
      this.#oneByOne = null;
    }
    this.now = done.now;
    this.#parts = done.parts;
    this.warnings.push(...done.warnings);
    const took = performance.now() - begun;
    if (done.rows > 0) this.#adapt(took);
    await this.#makeRoom(took);
    return [];
  }

  /** How many keys of a list make a batch: of parents, about those that so many children reference. */
  #keysFor(step: WorkStep, { list, relation }: WorkSource): number {
    if (step.together) return step.rows;
    if (relation === null) return this.#limit;
    if (this.#few !== null) return this.#few;
    const parents = this.#worker.work.lists.find((l) => l.list === list)?.rows ?? 0;
    return Math.max(1, Math.floor((this.#limit * parents) / Math.max(1, step.rows)));
  }

  async #chunksOf({ list }: WorkSource): Promise<readonly Chunk[]> {
    const { engine, policy, operation } = this.#worker;
    const known = this.#chunks.get(list);
    if (known) return known;
    const chunks = await engine.read({ scratch: false }, (tx) =>
      chunksOf({ tx, syntax: engine.syntax, journal: policy.journal, operation }, list),
    );
    this.#chunks.set(list, chunks);
    return chunks;
  }

  /** Where there is one writer at a time, others would never find the database free. */
  async #makeRoom(took: number): Promise<void> {
    const { engine, signal } = this.#worker;
    if (engine.syntax.forUpdate !== null) return;
    await setTimeout(took / 3, undefined, signal ? { signal } : {}).catch(() => {});
  }

  /** Makes the next batch as large as it can be in the time that one should take. */
  #adapt(took: number): void {
    const { policy, work } = this.#worker;
    const factor = Math.min(2, Math.max(0.5, policy.limits.targetBatchMs / took));
    this.#size = Math.max(1, Math.min(work.batchRows, Math.round(this.#size * factor)));
  }

  #report(table: string | null): void {
    const done = rowsIn(this.now.deleted);
    this.#worker.report({ phase: "deleting", table, done, total: this.#plan.totals.deleted });
  }
}

const rowsIn = (counts: RowCounts): number => Object.values(counts).reduce((a, b) => a + b, 0);

/** Rows of the first batch, before it is known how long one takes. */
const FIRST_SIZE = 1_000;

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
