import type { DeleteOptions } from "./database.ts";
import { OnDeleteError } from "./error.ts";
import { type BatchExecutor, executeInBatches } from "./execute/batched/batched.ts";
import type { Beginner } from "./execute/batched/begin.ts";
import { readWindow } from "./execute/batched/bounds.ts";
import type { FindBatch } from "./execute/batched/worker.ts";
import type { Carrier } from "./execute/carry-out.ts";
import { type ExecuteRequest, type Executor, executeDelete, executeIfSmall } from "./execute/execute.ts";
import type { Outcome } from "./model/operation.ts";
import { withPolicy } from "./model/with-policy.ts";
import { plannedRows } from "./plan/analysis.ts";
import { fitsOneSnapshot } from "./plan/one-snapshot.ts";
import { analyseBatch, type PlanRequest, planAhead, planUnderLocks } from "./plan/plan.ts";

/** Plans and executes in one transaction. */
export const carryOut = (found: Carrier, how: PlanRequest, request: ExecuteRequest): Promise<Outcome> =>
  executeDelete(atOnce(found, how), request);

function atOnce(found: Carrier, how: PlanRequest): Executor {
  const plan: Executor["plan"] = async (tx, { kept }) => {
    const made = await planUnderLocks(found, tx, { ...how, kept });
    return { plan: made.plan, rows: () => plannedRows(made.analysis) };
  };
  return { ...found, plan, snapshot: fitsOneSnapshot(found, how) };
}

/** Deletes in one transaction what is few enough for it, and the rest in batches, unless told which. */
export async function atOnceOrInBatches(
  found: Carrier,
  how: PlanRequest,
  {
    request,
    options: { late = "include", bounds, batch = bounds ? true : undefined },
  }: { readonly request: ExecuteRequest; readonly options: DeleteOptions },
): Promise<Outcome> {
  const { limits } = found.policy;
  const hard = how.mode === "hard";
  if (batch && !hard)
    throw new OnDeleteError("usage", "A soft delete is done in one transaction.", {
      hint: "Leave out one of soft and batch.",
    });
  if (bounds?.window !== undefined) readWindow(bounds.window);
  const isLarge = request.expected.plan && request.expected.plan.totals.deleted > limits.atomicRows;
  const tried = batch === false || !hard || (batch === undefined && !isLarge);
  const most = batch === undefined && hard ? { atomicRows: limits.atomicRows } : {};
  const done = tried ? await executeIfSmall(atOnce(found, how), { ...request, ...most }) : null;
  if (done) return done;
  const ahead: Beginner["ahead"] = async (tx, { derive }) => {
    const { plan, analysis } = await planAhead(found, tx, { ...how, derive });
    const { scope } = analysis;
    return {
      plan,
      root: scope.root.id,
      rows: () => plannedRows(analysis),
      followed: scope.followed,
    };
  };
  const batchRows = typeof batch === "number" ? batch : limits.batchRows;
  const executor = { ...batchExecutor(found), ahead };
  const bounded = bounds ? { bounds } : {};
  return executeInBatches(executor, {
    ...request,
    ...bounded,
    strict: how.strict ?? false,
    late,
    batchRows,
  });
}

/** What goes on with an operation whose rows are known. */
export function batchExecutor(found: Carrier): BatchExecutor {
  const find: FindBatch = async (tx, wanted) => {
    const analysis = await analyseBatch(found, tx, wanted);
    const blockers = analysis.blockers.map((b) => b.blocker);
    return { blockers, rows: () => plannedRows(analysis) };
  };
  return { ...found, find, relations: withPolicy(found.model, found.policy).followed };
}
