import type { Transaction } from "../../dialect/engine.ts";
import type { PlannedRows } from "../../dialect/planned.ts";
import { writeWork } from "../../journal/hold.ts";
import { ensureJournal, makeJournal, newOperationId, record } from "../../journal/journal.ts";
import { type Plan, rowsThatGo } from "../../model/plan.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import { BEGINNING, type Bounds, type Late, type Work } from "../../model/work.ts";
import type { Carrier } from "../carry-out.ts";
import { erased } from "../erased.ts";
import type { ExecuteRequest } from "../execute.ts";
import { checkComplete, checkExpected } from "../expected.ts";
import { writeLists } from "./lists.ts";
import { owner } from "./owner.ts";
import { updatedOften } from "./updated.ts";

/** Rows that later transactions will delete. */
export interface Ahead {
  readonly plan: Plan;
  /** The table of the roots: of a partition the partitioned one. */
  readonly root: TableId;
  readonly rows: () => PlannedRows;
  /** The relations that the plan follows. */
  readonly followed: readonly Relation[];
}

export interface Beginner extends Carrier {
  /** Finds what a delete would do, without a lock; with `derive` rows that nothing references are not kept. */
  readonly ahead: (tx: Transaction, options: { readonly derive: boolean }) => Promise<Ahead>;
}

export interface BatchRequest extends ExecuteRequest {
  readonly strict: boolean;
  readonly late: Late;
  readonly bounds?: Bounds;
  /** The most rows of one batch. */
  readonly batchRows: number;
}

export interface Begun {
  readonly plan: Plan;
  /** Null where the plan is blocked, or of no row, so that nothing was begun. */
  readonly operation: string | null;
}

/**
 * Plans a delete, and writes down which rows it is about and that this process works on it.
 * @throws `plan-changed`, `too-many-rows`, `privilege-missing`
 */
export async function begin(beginner: Beginner, request: BatchRequest): Promise<Begun> {
  const options = {
    lockTimeoutMs: beginner.policy.limits.lockTimeoutMs,
    ...(request.signal ? { signal: request.signal } : {}),
  };
  const { engine, policy } = beginner;
  if (!engine.capabilities.transactionalDdl) {
    const there = await engine.read({ scratch: false }, (tx) => engine.hasJournal(tx, policy.journal));
    if (!there) await makeJournal(engine, policy.journal, options);
  }
  return engine.write(options, (tx) => inTransaction(beginner, request, tx));
}

async function inTransaction(beginner: Beginner, request: BatchRequest, tx: Transaction): Promise<Begun> {
  const { engine, model, policy, clock, report } = beginner;
  report({ phase: "planning", table: null, done: 0, total: 0 });
  const started = clock.now();
  const { plan, root, rows, followed } = await beginner.ahead(tx, { derive: request.late === "include" });
  checkComplete(plan);
  checkExpected(plan, request.expected);
  if (plan.verdict === "blocked" || Object.keys(rowsThatGo(plan)).length === 0)
    return { plan, operation: null };
  const operation = newOperationId(clock);
  await ensureJournal(engine, tx, policy.journal);
  const { journal } = policy;
  const { erase = false, verb, late, strict, batchRows, archive, target, actor, reason } = request;
  const said = erase ? erased(plan) : { target, plan, digest: plan.digest };
  await record(engine, tx, journal, {
    ...said,
    state: "running",
    operation,
    mode: plan.mode,
    archive,
    deleted: {},
    updated: {},
    batches: 0,
    started: started.toISOString(),
    finished: null,
    actor,
    reason,
  });
  const place = { tx, syntax: engine.syntax, journal, operation };
  const cascades = followed.filter((r) => r.onDelete === "cascade");
  const { deletes, updates } = rows();
  const planned = { model, root, cascades, deletes, updates, batchRows };
  const written = await writeLists(place, planned);
  const often = updatedOften(
    followed,
    planned.deletes.flatMap((g) => g.tables.map((t) => t.table.id)),
  );
  const work: Work = { ...written, updatedOften: often, late, strict, verb, erase, batchRows };
  const hold = { token: 1, leaseSeconds: policy.limits.leaseSeconds };
  await writeWork({ engine, tx, journal, operation }, { work, position: BEGINNING, owner: owner(), hold });
  return { plan, operation };
}
