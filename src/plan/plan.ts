import type { Transaction } from "../dialect/engine.ts";
import { ScratchRowSets } from "../dialect/row-set.ts";
import { id, list, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import { parentsFirst } from "../graph/order.ts";
import { tableOf } from "../model/model.ts";
import type { Key, Path, Plan, PlannedUpdate, Selection, Target } from "../model/plan.ts";
import { identityOf, type TableId } from "../model/table.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { mayCount } from "./cascade.ts";
import { edgeFrom } from "./closure.ts";
import { deletableOneByOne, deletableRoots, ROOTS_LISTED, TRIED_ONE_BY_ONE } from "./deletable.ts";
import { digestOf, fingerprintOf } from "./digest.ts";
import { explore, type NativeFound, withoutRows } from "./native/native.ts";
import { keys, keysOfSet, SAMPLE } from "./sample.ts";
import {
  type Context,
  cascades,
  nativeDiffers,
  nativeScope,
  needsScratch,
  type Scope,
  scopeOf,
} from "./scope.ts";
import { stepsOf } from "./steps.ts";
import { rootCondition, targetTable } from "./target.ts";
import { checkTransactional } from "./transactional.ts";
import { warningsOf } from "./warnings.ts";
import { pathsTo } from "./why.ts";

export interface PlanRequest {
  readonly target: Target;
  readonly strict?: boolean;
  /** Overrides the policy's limit. */
  readonly maxRows?: number;
  /** Overrides the policy's limit. */
  readonly digestRows?: number;
  /** Whether images of the rows are kept, true unless told otherwise: without, there are faster ways. */
  readonly archive?: boolean;
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
  const { scope, roots } = prepare(context, request.target);
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
    return describe(analysis, request, {
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
  const { scope, roots } = prepare(context, request.target);
  await probe(scope, tx, roots, request.target.select);
  const task = { scope, tx, roots, ...limits(context, request), parentsOnly: request.archive === false };
  const counted = task.parentsOnly && mayCount(scope) ? await analyse({ ...task, execute: "counted" }) : null;
  const analysis = counted && isEnough(counted) ? counted : await analyse({ ...task, execute: "kept" });
  checkTransactional(analysis);
  // While the delete waited for the lock another one may have taken the row.
  if (!analysis.closure.tables.has(scope.root.id)) checkFound(scope, request.target.select);
  return {
    plan: await describe(analysis, request, { native: withoutRows(analysis.native), steps: [] }),
    analysis,
  };
}

const isEnough = (analysis: Analysis): boolean =>
  Boolean(analysis.cascade) || analysis.blockers.length > 0 || analysis.closure.stoppedAt !== null;

/** The ways by which one row would be reached; see {@link pathsTo}. */
export async function explainRow(
  context: Context,
  request: PlanRequest,
  row: { readonly table: TableId; readonly key: Key },
): Promise<readonly (readonly Path[])[]> {
  const { scope, roots } = prepare(context, request.target);
  return context.engine.read(readOptions(scope, request, false), async (tx) => {
    await probe(scope, tx, roots, request.target.select);
    return pathsTo(await analyse({ scope, tx, roots, ...limits(context, request), execute: null }), row);
  });
}

/** A partition's rows are rows of the partitioned table, and constraints see them as such. */
function prepare(context: Context, target: Target): { readonly scope: Scope; readonly roots: Sql } {
  const table = targetTable(context.model, target);
  const { syntax } = context.engine;
  const roots = rootCondition(syntax, table, target.select);
  if (table.partitionOf === null) return { scope: scopeOf(context, table), roots };
  const whole = tableOf(context.model, table.partitionOf);
  const key = list(identityOf(whole).map((c) => id(c)));
  const within = sql`(${key}) in (select ${key} from ${syntax.rows(table)} where ${roots})`;
  return { scope: scopeOf(context, whole), roots: within };
}

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
async function probe(scope: Scope, tx: Transaction, roots: Sql, select: Selection): Promise<void> {
  const { engine, root } = scope;
  const found = await tx
    .rows(sql`select 1 as found from ${engine.syntax.rows(root)} where ${roots} limit 1`)
    .catch((error: unknown) => {
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

async function describe(
  analysis: Analysis,
  request: PlanRequest,
  { native, steps }: { readonly native: NativeFound; readonly steps: Plan["steps"] },
): Promise<Plan> {
  const { scope, reader, closure, effects } = analysis;
  const deletes = await describeDeletes(analysis);
  const blockers = analysis.blockers.map((b) => b.blocker);
  const deleted = deletes.reduce((n, d) => n + d.rows, 0);
  const complete = closure.stoppedAt === null;
  const allowed = complete && blockers.length === 0;
  return {
    ondelete: "1",
    kind: "plan",
    engine: scope.engine.info,
    target: {
      table: request.target.table,
      where: whereText(scope, request.target.select),
      rows: await rootRows(analysis),
      select: request.target.select,
    },
    mode: "hard",
    strict: request.strict ?? false,
    verdict: allowed ? "allowed" : "blocked",
    nativeVerdict: native.verdict,
    native: native.native,
    deletes,
    updates: await describeUpdates(analysis),
    blockers,
    inner: analysis.inner.map((i) => ({ relation: i.relation.id, rows: i.rows })),
    kept: [],
    warnings: warningsOf(analysis, native),
    totals: {
      tables: deletes.length,
      deleted,
      updated: await distinctUpdates(analysis),
      blocking: blockers.reduce((n, b) => n + b.rows, 0),
    },
    steps,
    deletableRoots: complete ? await rootsToDelete(analysis) : [],
    complete,
    ...(closure.stoppedAt === null ? {} : { stoppedAt: closure.stoppedAt }),
    ...(await digestOf(reader, scope, {
      closure,
      effects,
      limit: request.digestRows ?? scope.policy.limits.digestRows,
    })),
    fingerprint: fingerprintOf(scope),
  };
}

async function describeDeletes(analysis: Analysis): Promise<Plan["deletes"]> {
  const { scope, closure } = analysis;
  const ids = [...closure.tables.keys()];
  const order = parentsFirst(ids, [...scope.followed, ...scope.declared]).flat();
  const out = [];
  for (const table of order) {
    const rows = closure.tables.get(table);
    if (rows)
      out.push({ table, rows: rows.rows, relations: await leading(analysis, table), depth: rows.depth });
  }
  return out;
}

/** The CASCADE relations by which rows of the table are reached. */
async function leading(analysis: Analysis, table: TableId): Promise<readonly string[]> {
  const { scope, closure, reader } = analysis;
  const into = cascades(scope.followed).filter((r) => r.child === table && closure.tables.has(r.parent));
  const [only] = into;
  if (into.length === 1 && only && table !== scope.root.id) return [only.id];
  const out: string[] = [];
  for (const relation of into) {
    const parent = closure.tables.get(relation.parent)?.set;
    if (!parent) continue;
    const query = sql`select 1 as found ${edgeFrom(scope, relation, parent)} limit 1`;
    if ((await reader.tx.rows(reader.sets.over([parent], query))).length > 0) out.push(relation.id);
  }
  return out;
}

async function describeUpdates(analysis: Analysis): Promise<readonly PlannedUpdate[]> {
  const out: PlannedUpdate[] = [];
  for (const effect of analysis.effects) {
    const sample = await keys(analysis.reader, effect.table, keysOfSet(effect.rows), {
      uses: [effect.rows],
      limit: SAMPLE,
    });
    out.push({
      table: effect.table.id,
      columns: [...effect.assignments.keys()],
      relation: effect.relation.id,
      set: effect.set,
      rows: effect.count,
      sample,
    });
  }
  return out;
}

async function distinctUpdates({ reader, effects }: Analysis): Promise<number> {
  let total = 0;
  for (const group of Map.groupBy(effects, (e) => e.table.id).values()) {
    const [first] = group;
    if (group.length === 1 && first) {
      total += first.count;
      continue;
    }
    const all = sql.join(
      group.map((e) => keysOfSet(e.rows)),
      sql` union `,
    );
    const [row] = await reader.tx.rows(
      reader.sets.over(
        group.map((e) => e.rows),
        sql`select count(*) as n from (${all}) as u`,
      ),
    );
    total += Number(row?.n);
  }
  return total;
}

async function rootRows({ scope, closure, reader }: Analysis): Promise<number> {
  const root = closure.tables.get(scope.root.id);
  if (!root || root.maxDepth === 0) return root?.rows ?? 0;
  const [row] = await reader.tx.rows(
    reader.sets.over(
      [root.set],
      sql`select count(*) as n from ${root.set.from} as d where ${id("d", DEPTH)} = 0`,
    ),
  );
  return Number(row?.n);
}

async function rootsToDelete(analysis: Analysis): Promise<readonly Key[]> {
  const { scope, closure, reader, blockers } = analysis;
  const root = closure.tables.get(scope.root.id);
  if (!root) return [];
  const key = list(root.set.key.map((c) => id("d", c)));
  const select = sql`select ${key} from ${root.set.from} as d where ${id("d", DEPTH)} = 0`;
  const roots = await keys(reader, scope.root, select, { uses: [root.set], limit: ROOTS_LISTED });
  if (blockers.length === 0) return roots;
  if (roots.length < 2) return [];
  if (roots.length <= TRIED_ONE_BY_ONE && blockers.some((b) => b.cause?.rows))
    return deletableOneByOne(analysis, roots);
  const inScratch =
    reader.sets instanceof ScratchRowSets ? analysis : await analyse({ ...analysis.task, scratch: true });
  return deletableRoots(inScratch);
}

function whereText(scope: Scope, select: Selection): string {
  if (select.kind === "condition") return select.sql;
  const values =
    select.kind === "columns"
      ? Object.entries(select.values)
      : identityOf(scope.root).map((c, i) => [c, select.values[i] ?? ""] as const);
  return values.map(([c, v]) => `${c} = ${v}`).join(" and ");
}
