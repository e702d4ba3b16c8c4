import type { Transaction } from "../dialect/engine.ts";
import type { Cascade, DeleteGroup, Effect, Mark, PlannedRows, Roots } from "../dialect/planned.ts";
import { type RowSets, ScratchRowSets, VirtualRowSets } from "../dialect/row-set.ts";
import { parentsFirst } from "../graph/order.ts";
import type { Warning } from "../model/plan.ts";
import { blockersOf } from "./blockers.ts";
import { cascadeOf } from "./cascade.ts";
import { type Closure, closureOf } from "./closure.ts";
import { type Effects, effectsOf, orNotFollowable } from "./effects.ts";
import type { BlockerFound } from "./found.ts";
import { type Inner, innerOf, rowsWithin } from "./inner.ts";
import type { Native } from "./native/native.ts";
import { judge } from "./native/verdict.ts";
import { keys, type Reader, SAMPLE } from "./sample.ts";
import { nativeDiffers, nativeScope, needsScratch, type Scope } from "./scope.ts";
import { marksOf, removedOf } from "./soft.ts";

/** What was found out about one delete, with the row sets of the transaction it was found out in. */
export interface Analysis {
  readonly task: AnalysisTask;
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  /** The rows of the closure that leave their tables; all of them unless the delete is soft. */
  readonly removed: Closure;
  /** Rows of the closure that a soft delete marks. */
  readonly marks: readonly Mark[];
  /** Updates that can be carried out; those that would fail are among the blockers. */
  readonly effects: readonly Effect[];
  readonly blockers: readonly BlockerFound[];
  readonly inner: readonly Inner[];
  readonly native: Native;
  /** Where rows are only counted: the cascade of the engine's that deletes them; null where they have to be kept. */
  readonly cascade?: Cascade | null;
}

export interface AnalysisTask {
  readonly scope: Scope;
  readonly tx: Transaction;
  readonly roots: Roots;
  readonly maxRows: number;
  readonly strict: boolean;
  /**
   * Whether the rows are about to be deleted in this transaction: they are locked, and kept in scratch tables or, where
   * the engine's own cascade may delete them, only counted. `ahead`: they will be in later ones, and those that others
   * reference are kept in scratch tables.
   */
  readonly execute: "kept" | "counted" | "ahead" | null;
  /** Of rows that will be deleted later: false where all of them are to be kept. */
  readonly derive?: boolean;
  /** Scratch tables although joins would do; for tests that compare the two. */
  readonly scratch?: boolean;
  /** Whether images of updated rows are kept, for which the rows have to be. */
  readonly archive?: boolean;
  /** Told apart from the scratch tables of other analyses in the transaction. */
  readonly label?: string;
}

export async function analyse(task: AnalysisTask): Promise<Analysis> {
  const { scope, tx } = task;
  const scratch =
    task.execute === "kept" || task.execute === "ahead" || task.scratch === true || needsScratch(scope);
  const own = await lookAt(
    task,
    scope,
    scratch ? new ScratchRowSets(tx, scope.engine.syntax, task.label) : new VirtualRowSets(),
  );
  const held = task.strict ? [...own.blockers, ...(await strictBlockers(own))] : own.blockers;
  const failing = new Set(held.filter((b) => b.cause?.rows).map((b) => b.blocker.relation));
  const effects = own.effects.effects.filter((e) => !failing.has(e.relation.id));
  const native = await nativeOfTask(task, own);
  const found = { ...own, task, blockers: held, effects, native };
  return task.execute === "counted"
    ? { ...found, cascade: await cascadeOf(found, task.archive === true) }
    : found;
}

interface Look {
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  readonly removed: Closure;
  readonly marks: readonly Mark[];
  readonly effects: Effects;
  readonly blockers: readonly BlockerFound[];
  readonly inner: readonly Inner[];
}

async function lookAt(task: AnalysisTask, scope: Scope, sets: RowSets): Promise<Look> {
  const { tx } = task;
  // The constraints alone are only asked, not followed.
  const lock = (task.execute === "kept" || task.execute === "counted") && scope === task.scope;
  const reader: Reader = { tx, sets, syntax: scope.engine.syntax };
  const closure = await closureOf({
    scope,
    tx,
    sets,
    roots: task.roots,
    maxRows: task.maxRows,
    lock,
    derive: lock || (task.execute === "ahead" && scope === task.scope && task.derive !== false),
  });
  if (closure.stoppedAt !== null) {
    const effects = { effects: [], refused: [] };
    return { scope, reader, closure, removed: closure, marks: [], effects, blockers: [], inner: [] };
  }
  const removed = removedOf(scope, closure);
  const effects = await effectsOf({
    scope,
    tx,
    sets,
    closure: removed,
    lock: lock && task.execute === "kept",
    parentsOnly: lock && task.archive !== true,
  });
  const marks = await marksOf({ scope, reader, closure, execute: lock });
  const blockers = await blockersOf({ scope, reader, closure, removed, effects, marks });
  const inner = await innerOf(reader, scope, closure, ["restrict", "no action"]);
  return { scope, reader, closure, removed, marks, effects, blockers, inner };
}

/** Asks the same of the constraints alone, where the policy or switched-off enforcement makes a difference. */
async function nativeOfTask(task: AnalysisTask, own: Look): Promise<Native> {
  if (own.closure.stoppedAt !== null) return INCOMPLETE;
  if (!nativeDiffers(task.scope)) return judged(task, own, true);
  const soft = task.scope.mode === "soft";
  const scope = nativeScope(task.scope);
  const sets =
    needsScratch(scope) || (own.reader.sets instanceof ScratchRowSets && !soft)
      ? new ScratchRowSets(task.tx, scope.engine.syntax, `_native${task.label ?? ""}`)
      : new VirtualRowSets();
  const look = await lookAt(task, scope, sets).catch(orNotFollowable);
  if (!look || look.closure.stoppedAt !== null) return INCOMPLETE;
  const native = await judged(task, look, soft || changesOf(own) === changesOf(look));
  if (native.verdict !== "applies" || native.asPlanned) return native;
  const warning: Warning = {
    code: "native-diverges",
    message:
      "A bare DELETE follows the constraints alone and does something else to the rows than this plan, which follows the configuration too.",
  };
  return { ...native, warnings: [...native.warnings, warning] };
}

const INCOMPLETE: Native = { verdict: "order-dependent", warnings: [], task: null, asPlanned: true };

/** How many rows are deleted and updated where, as one text. */
function changesOf({ closure, effects }: Look): string {
  const deleted = [...closure.tables.values()].map((t) => [t.table.id, t.rows]);
  const updated = effects.effects.map((e) => [e.relation.id, [...e.assignments.keys()], e.count]);
  return JSON.stringify([deleted.sort(), updated.sort()]);
}

async function judged(task: AnalysisTask, look: Look, asPlanned: boolean): Promise<Native> {
  const innerSets = await innerOf(look.reader, look.scope, look.closure, ["set null", "set default"]);
  const facts = { ...look, effects: look.effects.effects };
  const judgement = judge({ ...facts, innerSets: innerSets.filter((i) => i.relation.enforced) });
  return { ...judgement, asPlanned, task: task.execute === null ? facts : null };
}

async function strictBlockers(own: Look): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const { relation, rows } of own.inner.filter((i) => i.relation.onDelete === "restrict")) {
    const child = own.closure.tables.get(relation.child);
    const parent = own.closure.tables.get(relation.parent);
    if (!child || !parent) continue;
    const select = rowsWithin(own.scope, relation, child.set, parent.set);
    const sample = await keys(own.reader, child.table, select, {
      uses: [child.set, parent.set],
      limit: SAMPLE,
    });
    const message = `Rows of ${relation.child} that go too reference ${relation.parent} (restrict), and the plan is strict.`;
    out.push({
      blocker: {
        relation: relation.id,
        table: relation.child,
        action: "restrict",
        reason: "restrict",
        rows,
        sample,
        message,
      },
      cause: { relation, rows: child.set },
      held: null,
    });
  }
  return out;
}

/** The rows of a complete analysis in the order in which they are changed. */
export function plannedRows(analysis: Analysis): PlannedRows {
  const { scope, removed, effects, marks } = analysis;
  const ids = [...removed.tables.keys()];
  const relations = [...scope.followed, ...scope.declared].filter(
    (r) => removed.tables.has(r.child) && removed.tables.has(r.parent),
  );
  const groups = parentsFirst(ids, relations).map((tables): DeleteGroup => {
    const within = relations.filter((r) => tables.includes(r.child) && tables.includes(r.parent));
    return { tables: tables.flatMap((t) => removed.tables.get(t) ?? []), within };
  });
  const unenforced = scope.followed.filter((r) => !r.enforced);
  return {
    relations: scope.declared,
    unenforced,
    cascade: analysis.cascade ?? null,
    updates: effects,
    marks,
    deletes: groups.reverse(),
  };
}
