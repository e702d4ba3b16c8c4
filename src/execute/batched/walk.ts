import { setTimeout } from "node:timers/promises";
import type { ArchivePart } from "../../journal/archive.ts";
import type { Advance } from "../../journal/hold.ts";
import { type Chunk, chunksOf } from "../../journal/work.ts";
import type { RowCounts } from "../../model/operation.ts";
import type { Blocker, Plan, Warning } from "../../model/plan.ts";
import type { Bounds, WorkSource, WorkStep } from "../../model/work.ts";
import { retried } from "../retried.ts";
import { runBatch } from "./batch.ts";
import { enough, type Spent } from "./bounds.ts";
import { afterSource, sliceAt } from "./cursor.ts";
import type { Worker } from "./worker.ts";

/** Where a walk begins. */
export interface WalkStart extends Advance {
  readonly bounds: Bounds;
  readonly plan: Plan;
  readonly parts: readonly ArchivePart[];
}

/** Goes through the steps of an operation, a batch at a time. */
export class Walk {
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

  constructor(worker: Worker, { plan, parts, bounds, ...now }: WalkStart) {
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
