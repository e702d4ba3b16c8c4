import type { Engine } from "../dialect/engine.ts";
import { releasable, withinAtOnce } from "../dialect/release.ts";
import { hasCycle, parentsFirst, reachable } from "../graph/order.ts";
import { withGenerated } from "../model/guards.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { Plan } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import { columnsSetBy, type Relation } from "../model/relation.ts";
import { identityOf, type Table, type TableId } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";

/** What every verb works on: an open engine, what the database declares, and what the user wants of it. */
export interface Context {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
}

/** The part of a model that one plan looks at. */
export interface Scope extends Context {
  readonly mode: Plan["mode"];
  /** Whether rows with a marker that are not marked block a hard delete. */
  readonly sparesLive: boolean;
  readonly root: Table;
  /** Tables that may lose rows: what CASCADE relations lead to, breadth first from the root. */
  readonly reached: readonly TableId[];
  /** Relations that the plan follows. */
  readonly followed: readonly Relation[];
  /** Every constraint, also where the policy overrides it. */
  readonly declared: readonly Relation[];
  /** Constraints on the same columns that disagree. */
  readonly conflicting: readonly (readonly Relation[])[];
}

export function scopeOf(
  context: Context,
  root: Table,
  { mode = "hard", sparesLive = false }: { readonly mode?: Plan["mode"]; readonly sparesLive?: boolean } = {},
): Scope {
  const relations = withPolicy(context.model, context.policy);
  return {
    ...context,
    ...relations,
    mode,
    sparesLive,
    root,
    reached: reachable(root.id, cascades(relations.followed)),
  };
}

/** The scope of a bare DELETE: what the database enforces, without the policy. */
export function nativeScope(scope: Scope): Scope {
  const enforced = { ...scope.model, relations: scope.declared.filter((r) => r.enforced) };
  const policy = { ...scope.policy, relations: [], tables: {} };
  return scopeOf({ ...scope, model: enforced, policy }, scope.root);
}

/** Whether a bare DELETE follows other relations than the plan does, or does something else with the rows. */
export function nativeDiffers(scope: Scope): boolean {
  if (scope.mode === "soft") return true;
  const touches = (r: Relation) => scope.reached.includes(r.parent);
  return (
    scope.followed.some((r) => touches(r) && (r.origin !== "declared" || !r.enforced)) ||
    scope.declared.some((r) => touches(r) && !r.enforced)
  );
}

/** Relations into a table of the closure, with one of the given actions. */
export function relationsInto(scope: Scope, ...actions: readonly string[]): readonly Relation[] {
  return scope.followed.filter((r) => scope.reached.includes(r.parent) && actions.includes(r.onDelete));
}

/**
 * Whether rows have to be kept in scratch tables: a cycle of cascades, updates that may spread, circles to be found, or
 * more row sets than a statement can name.
 */
export function needsScratch(scope: Scope): boolean {
  return (
    mayCircle(scope) ||
    hasCycle(scope.reached, cascades(scope.followed)) ||
    relationsInto(scope, "set null", "set default").some((r) => spreads(scope, r)) ||
    tooDeep(scope)
  );
}

/**
 * Constraints by which rows that go may reference each other in circles that no order of deletes resolves, where the
 * engine checks at once: none of their columns can be set to null, and one of them refuses.
 */
export function circles(scope: Scope): readonly (readonly Relation[])[] {
  const edges = withinAtOnce(scope.declared).filter(
    (r) =>
      scope.reached.includes(r.child) &&
      scope.reached.includes(r.parent) &&
      releasable(scope.model, r) === null,
  );
  return parentsFirst(scope.reached, edges)
    .map((tables) => edges.filter((r) => tables.includes(r.child) && tables.includes(r.parent)))
    .filter((within) => within.some((r) => r.onDelete !== "cascade"));
}

const mayCircle = (scope: Scope): boolean =>
  scope.engine.capabilities.checksAtOnce && circles(scope).length > 0;

/** Whether finding some table's rows takes more sets in one statement, those of all tables above it, than it can have. */
function tooDeep({ engine, reached, followed }: Scope): boolean {
  const most = engine.capabilities.setsPerStatement;
  if (most === null) return false;
  const into = Map.groupBy(
    followed.filter((r) => reached.includes(r.parent)),
    (r) => r.child,
  );
  if (reached.length + Math.max(0, ...[...into.values()].map((r) => r.length)) < most) return false;
  const upwards = cascades([...into.values()].flat()).map((r) => ({ parent: r.child, child: r.parent }));
  return [...into].some(([table, relations]) => {
    const above = relations.flatMap((r) => reachable(r.parent, upwards));
    return new Set([table, ...above]).size + relations.length >= most;
  });
}

function spreads(scope: Scope, relation: Relation): boolean {
  const written = withGenerated(
    tableOf(scope.model, relation.child),
    columnsSetBy(relation).map((name) => ({ name, toNull: false })),
  ).map((w) => w.name);
  return scope.followed.some(
    (r) => r.parent === relation.child && r.parentColumns.some((c) => written.includes(c)),
  );
}

/** The columns to keep of a table's planned rows: its key, and what relations reference. */
export function keptColumns(scope: Scope, table: Table): readonly string[] {
  const referenced = [...scope.followed, ...scope.declared].filter((r) => r.parent === table.id);
  return [...new Set([...identityOf(table), ...referenced.flatMap((r) => r.parentColumns)])];
}

/** Everything whose change makes a plan worthless: the tables that it touches and the relations between them. */
export function touchedTables(scope: Scope): readonly Table[] {
  const ids = new Set([...scope.reached]);
  for (const r of scope.followed) if (scope.reached.includes(r.parent)) ids.add(r.child);
  return [...ids].sort().map((t) => tableOf(scope.model, t));
}

export function cascades(relations: readonly Relation[]): readonly Relation[] {
  return relations.filter((r) => r.onDelete === "cascade");
}
