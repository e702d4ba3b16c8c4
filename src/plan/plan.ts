import type { Transaction } from "../dialect/engine.ts";
import type { Roots } from "../dialect/planned.ts";
import { id, list, type Sql, sql } from "../dialect/sql.ts";
import { rootCondition, targetTable, whereText } from "../dialect/target.ts";
import { OnDeleteError } from "../error.ts";
import { tableOf } from "../model/model.ts";
import type { Key, Path, Plan, Selection, Target } from "../model/plan.ts";
import { identityOf, type Table, type TableId } from "../model/table.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { mayCount } from "./cascade.ts";
import { describe } from "./describe.ts";
import { explore, withoutRows } from "./native/native.ts";
import { type Context, nativeDiffers, nativeScope, needsScratch, type Scope, scopeOf } from "./scope.ts";
import { checkMarkers } from "./soft.ts";
import { stepsOf } from "./steps.ts";
import { checkTransactional } from "./transactional.ts";
import { pathsTo } from "./why.ts";

export interface PlanRequest {
  readonly target: Target;
  readonly strict?: boolean;
  /** Hard unless told otherwise. */
  readonly mode?: Plan["mode"];
  /** Whether rows with a marker that are not marked block a hard delete, as a purge wants it. */
  readonly sparesLive?: boolean;
  /** Overrides the policy's limit. */
  readonly maxRows?: number;
  /** Overrides the policy's limit. */
  readonly digestRows?: number;
  /** Whether images of the rows are kept, true unless told otherwise: without, there are faster ways. */
  readonly archive?: boolean;
  /** Whether the rows' keys are kept also where the engine's own cascade could delete them. */
  readonly kept?: boolean;
  /** Scratch tables although joins would do; for tests that compare the two. */
  readonly scratch?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * What deleting the target's rows would do.
 *
 * @throws `unknown-table`, `unknown-column`, `bad-key`, `bad-condition`, `no-key`; `not-found` where a key selects no
 * row; `rows-hidden` where row-level security would hide rows from the plan.
 */
export async function planDelete(context: Context, request: PlanRequest): Promise<Plan> {
  const { scope, roots } = prepare(context, request);
  return context.engine.read(readOptions(scope, request, true), async (tx) => {
    await probe(scope, tx, roots, request.target.select);
    const analysis = await analyse({
      scope,
      tx,
      roots,
      ...limits(context, request),
      execute: null,
      scratch: request.scratch ?? false,
    });
    const allowed = analysis.closure.stoppedAt === null && analysis.blockers.length === 0;
    return describe(analysis, {
      ...digested(context, request),
      native: await explore(analysis.native, allowed),
      steps: allowed ? await stepsOf(analysis, request.archive ?? true) : [],
    });
  });
}

/** The same, without its steps, inside a transaction that is about to delete the rows: they are locked as they are found. */
export async function planUnderLocks(
  context: Context,
  tx: Transaction,
  request: PlanRequest,
): Promise<{ readonly plan: Plan; readonly analysis: Analysis }> {
  const { scope, roots } = prepare(context, request);
  await probe(scope, tx, roots, request.target.select);
  const task = {
    scope,
    tx,
    roots,
    ...limits(context, request),
    archive: request.archive ?? true,
  };
  const counted = mayCount(scope) && !request.kept ? await analyse({ ...task, execute: "counted" }) : null;
  const analysis = counted && isEnough(counted) ? counted : await analyse({ ...task, execute: "kept" });
  checkTransactional(analysis);
  // While the delete waited for the lock another one may have taken the row.
  if (!analysis.closure.tables.has(scope.root.id)) checkFound(scope, request.target.select);
  return { plan: await withoutSteps(context, request, analysis), analysis };
}

/**
 * The same for rows that later transactions will delete: nothing is locked, and the rows that others reference are kept
 * in scratch tables, with `derive` false all of them.
 */
export async function planAhead(
  context: Context,
  tx: Transaction,
  { derive, ...request }: PlanRequest & { readonly derive: boolean },
): Promise<{ readonly plan: Plan; readonly analysis: Analysis }> {
  const { scope, roots } = prepare(context, request);
  await probe(scope, tx, roots, request.target.select);
  const analysis = await analyse({ scope, tx, roots, ...limits(context, request), execute: "ahead", derive });
  checkTransactional(analysis);
  return { plan: await withoutSteps(context, request, analysis), analysis };
}

/** Some rows of one table that are about to be deleted, with all that goes with them: locked as they are found. */
export async function analyseBatch(
  context: Context,
  tx: Transaction,
  { table, roots, strict, archive }: BatchRequest,
): Promise<Analysis> {
  const scope = scopeOf(context, table);
  const maxRows = Number.POSITIVE_INFINITY;
  const task = { scope, tx, roots, maxRows, strict, archive };
  const analysis = await analyse({ ...task, execute: "kept" });
  checkTransactional(analysis);
  return analysis;
}

export interface BatchRequest {
  readonly table: Table;
  readonly roots: Roots;
  readonly strict: boolean;
  readonly archive: boolean;
}

const withoutSteps = (context: Context, request: PlanRequest, analysis: Analysis): Promise<Plan> =>
  describe(analysis, {
    ...digested(context, request),
    native: withoutRows(analysis.native),
    steps: [],
  });

const isEnough = (analysis: Analysis): boolean =>
  Boolean(analysis.cascade) || analysis.blockers.length > 0 || analysis.closure.stoppedAt !== null;

/** The ways by which one row would be reached; see {@link pathsTo}. */
export async function explainRow(
  context: Context,
  request: PlanRequest,
  row: { readonly table: TableId; readonly key: Key },
): Promise<readonly (readonly Path[])[]> {
  const { scope, roots } = prepare(context, request);
  return context.engine.read(readOptions(scope, request, false), async (tx) => {
    await probe(scope, tx, roots, request.target.select);
    return pathsTo(await analyse({ scope, tx, roots, ...limits(context, request), execute: null }), row);
  });
}

/** A partition's rows are rows of the partitioned table, and constraints see them as such. */
export function prepare(
  context: Context,
  request: Pick<PlanRequest, "target" | "mode" | "sparesLive">,
): { readonly scope: Scope; readonly roots: Roots } {
  const { target } = request;
  const table = targetTable(context.model, target);
  const { syntax } = context.engine;
  const roots = rootCondition(syntax, table, target.select);
  const from = (of: Table, where: Sql): Roots => ({ from: sql`from ${syntax.rows(of)} where ${where}` });
  if (table.partitionOf === null)
    return { scope: checked(scopeOf(context, table, request)), roots: from(table, roots) };
  const whole = tableOf(context.model, table.partitionOf);
  const key = list(identityOf(whole).map((c) => id(c)));
  const within = sql`(${key}) in (select ${key} from ${syntax.rows(table)} where ${roots})`;
  return { scope: checked(scopeOf(context, whole, request)), roots: from(whole, within) };
}

function checked(scope: Scope): Scope {
  checkMarkers(scope);
  return scope;
}

/** The plan names the table as the database does, whatever its letters were in the request. */
const digested = ({ model, policy }: Context, { target, digestRows }: PlanRequest) => ({
  target: { ...target, table: targetTable(model, target).id },
  digestRows: digestRows ?? policy.limits.digestRows,
});

function limits(
  context: Context,
  request: PlanRequest,
): { readonly maxRows: number; readonly strict: boolean } {
  return {
    maxRows: request.maxRows ?? context.policy.limits.maxRows ?? Number.POSITIVE_INFINITY,
    strict: request.strict ?? false,
  };
}

function readOptions(scope: Scope, request: PlanRequest, whole: boolean) {
  // Blocked plans of several roots need scratch tables to tell which of them could go.
  const several = whole && request.target.select.kind !== "key";
  const native = nativeDiffers(scope) && needsScratch(nativeScope(scope));
  const scratch = request.scratch === true || several || needsScratch(scope) || native;
  return request.signal ? { scratch, signal: request.signal } : { scratch };
}

/** Runs the user's condition on its own first, so that an error in it is told from every other. */
async function probe(scope: Scope, tx: Transaction, roots: Roots, select: Selection): Promise<void> {
  const { root } = scope;
  const found = await tx.rows(sql`select 1 as found ${roots.from} limit 1`).catch((error: unknown) => {
    if (!(error instanceof OnDeleteError) || error.code !== "engine-error") throw error;
    throw select.kind === "condition"
      ? new OnDeleteError(
          "bad-condition",
          `The condition on ${root.id} is not one that the database understands: ${error.message}`,
          { hint: `It is put after WHERE as it is: ${select.sql}`, cause: error },
        )
      : new OnDeleteError(
          "bad-key",
          `The key given for ${root.id} does not fit its columns: ${error.message}`,
          { hint: `The key is (${identityOf(root).join(", ")}).`, cause: error },
        );
  });
  if (found.length === 0) checkFound(scope, select);
}

/** @throws `not-found` where a key selects no row; a condition may */
function checkFound(scope: Scope, select: Selection): void {
  if (select.kind === "condition") return;
  throw new OnDeleteError("not-found", `No row of ${scope.root.id} has ${whereText(scope, select)}.`, {
    hint: "Nothing was planned. Check the key, or use --where to select by a condition.",
    details: { table: scope.root.id },
  });
}
