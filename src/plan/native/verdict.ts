import { type Effect, takesOver } from "../../dialect/planned.ts";
import { mayRefuse } from "../../model/guards.ts";
import { tableOf } from "../../model/model.ts";
import type { NativeVerdict, Warning } from "../../model/plan.ts";
import { columnsSetBy, type Relation, writtenOnDelete } from "../../model/relation.ts";
import type { Closure } from "../closure.ts";
import type { BlockerFound } from "../found.ts";
import type { Inner } from "../inner.ts";
import type { Scope } from "../scope.ts";

/** What a bare DELETE is judged by; all of it over the constraints that the database enforces, without the policy. */
export interface NativeFacts {
  readonly scope: Scope;
  readonly closure: Closure;
  readonly blockers: readonly BlockerFound[];
  readonly effects: readonly Effect[];
  /** RESTRICT and NO ACTION between rows that go. */
  readonly inner: readonly Inner[];
  /** SET NULL and SET DEFAULT between rows that go. */
  readonly innerSets: readonly Inner[];
}

export interface Judgement {
  readonly verdict: NativeVerdict;
  readonly warnings: readonly Warning[];
}

/** What a bare DELETE of the roots would do on this engine now. */
export function judge(facts: NativeFacts): Judgement {
  const refusing = facts.blockers.filter((b) => !isOurs(b) && !isOwners(facts, b) && !isUnminded(facts, b));
  const inside = divergingInside(facts);
  // Rows that the engine may null on their way may stay, and with them what would have gone or refused because of them.
  const disagreements = disagreeing(facts);
  const coming = refusing.length > 0 ? comingToReference(facts) : [];
  const certain =
    inside.length === 0 && coming.length === 0 && !disagreements.flat().some((r) => r.onDelete === "cascade");
  if (
    tooDeep(facts) ||
    (certain && refusing.some((b) => !isDisputed(facts, b) && hidden(facts, b).length === 0))
  ) {
    return { verdict: "refused", warnings: [] };
  }
  const diverging = [
    ...inside,
    ...coming,
    ...divergingOutside(facts),
    ...refusing.flatMap((b) => hidden(facts, b)),
  ];
  const open =
    disagreements.length > 0 ||
    diverging.length > 0 ||
    refusing.length > 0 ||
    // Where rows require each other in a circle no order of single deletes works; the engine's cascade may go around it.
    facts.blockers.some((b) => b.blocker.reason === "required-cycle") ||
    writesChecked(facts) ||
    checkedAgain(facts) ||
    takingOver(facts);
  const { engine } = facts.scope;
  const verdicts = facts.inner.filter((i) => i.relation.enforced).map((i) => engine.innerVerdict(i));
  return {
    verdict: worst(open ? [...verdicts, "order-dependent"] : verdicts, certain),
    warnings: oncePerRelation(diverging),
  };
}

/** What only keeps ondelete from it. */
const isOurs = ({ blocker }: BlockerFound): boolean =>
  blocker.reason === "protected" || blocker.reason === "required-cycle";

/** A missing right that a bare DELETE does not need: actions run with the rights of the table's owner, and lock nothing. */
function isOwners({ scope }: NativeFacts, { blocker }: BlockerFound): boolean {
  return blocker.reason === "privilege" && !(blocker.table === scope.root.id && blocker.action === "delete");
}

const isUnminded = ({ scope }: NativeFacts, { blocker }: BlockerFound): boolean =>
  blocker.reason === "check" && !scope.engine.capabilities.actionsMindChecks;

/** Whether another constraint on the same columns, run first, does something else to the rows of a blocker. */
function isDisputed({ scope }: NativeFacts, { blocker, cause }: BlockerFound): boolean {
  const groups = scope.conflicting.map((group) => group.filter((r) => r.enforced).map((r) => r.id));
  return groups.some(
    (ids) => ids.length > 1 && (ids.includes(blocker.relation) || ids.includes(cause?.relation.id ?? "")),
  );
}

/** Updates that, run first, would hide the rows of a blocker from the constraint that refuses. */
function hidden({ scope, effects }: NativeFacts, { blocker, cause }: BlockerFound): readonly Warning[] {
  const refusing = scope.followed.filter((r) => r.id === blocker.relation || r.id === cause?.relation.id);
  return refusing.flatMap((relation) =>
    effects
      .filter(
        (e) =>
          e.relation.id !== relation.id &&
          e.table.id === relation.child &&
          relation.columns.some((c) => e.assignments.has(c)),
      )
      .map((e) => diverges(e.relation, relation)),
  );
}

const oncePerRelation = (warnings: readonly Warning[]): readonly Warning[] => [
  ...new Map(warnings.map((w) => [w.relation, w])).values(),
];

/** An inner edge that refuses does so only if both of its rows are sure to go. */
function worst(verdicts: readonly NativeVerdict[], certain: boolean): NativeVerdict {
  if (certain && verdicts.includes("refused")) return "refused";
  return verdicts.every((v) => v === "applies") ? "applies" : "order-dependent";
}

function tooDeep({ scope, closure }: NativeFacts): boolean {
  const limit = scope.engine.capabilities.cascadeDepth;
  return limit !== null && [...closure.tables.values()].some((t) => t.maxDepth > limit);
}

/** A row that goes is nulled or defaulted on its way, and the column may not take that, or reference nothing then. */
function writesChecked({ scope, innerSets }: NativeFacts): boolean {
  return innerSets.some(({ relation }) => {
    const table = tableOf(scope.model, relation.child);
    return writtenOnDelete(table, relation).some((w) => !w.toNull || mayRefuse(table, w));
  });
}

/** A row is changed twice by constraints, and may be checked for a third one that is still to come. */
function checkedAgain({ scope, closure, effects, innerSets }: NativeFacts): boolean {
  if (!scope.engine.capabilities.checksChangedRowsAgain) return false;
  const parents = new Set([...closure.tables.keys(), ...effects.map((e) => e.table.id)]);
  const writing = [...new Set([...effects, ...innerSets].map((x) => x.relation))];
  return [...Map.groupBy(writing, (r) => r.child)].some(([child, relations]) => {
    const working = scope.declared.filter((r) => r.enforced && r.child === child && parents.has(r.parent));
    return relations.length > 1 && working.length > 2;
  });
}

/** The other constraints of a relation's child that go by one of the columns. */
function sharing(scope: Scope, { id, child }: Relation, columns: readonly string[]): readonly Relation[] {
  return scope.declared.filter(
    (r) => r.enforced && r.id !== id && r.child === child && r.columns.some((c) => columns.includes(c)),
  );
}

const defaultsOf = ({ assignments }: Effect): readonly string[] =>
  [...assignments].flatMap(([name, { kind }]) => (kind === "default" ? [name] : []));

/** A row that goes is nulled in a column by which it, or another row, would have been found. */
function divergingInside({ scope, innerSets }: NativeFacts): readonly Warning[] {
  return innerSets.flatMap(({ relation }) => {
    const written = columnsSetBy(relation);
    const [shared] = sharing(scope, relation, written);
    const referenced = scope.declared.find(
      (r) => r.enforced && r.parent === relation.child && r.parentColumns.some((c) => written.includes(c)),
    );
    const other = shared ?? referenced;
    return other ? [diverges(relation, other)] : [];
  });
}

/** Two updates of one row that share a column: the first hides the row from the second. */
function divergingOutside({ scope, effects }: NativeFacts): readonly Warning[] {
  return effects.flatMap((effect) => {
    const written = [...effect.assignments.keys()];
    const other = effects.find(
      (e) =>
        e !== effect &&
        e.relation.id !== effect.relation.id &&
        e.table.id === effect.table.id &&
        e.relation.columns.some((c) => written.includes(c)),
    );
    const spread = effect.cause === null ? undefined : sharing(scope, effect.relation, written)[0];
    const second = other?.relation ?? spread;
    return second ? [diverges(effect.relation, second)] : [];
  });
}

/** Constraints on the same columns with different actions, at work on rows at hand. */
function disagreeing({ scope, effects, inner, innerSets }: NativeFacts): readonly (readonly Relation[])[] {
  const working = new Set([...effects, ...inner, ...innerSets].map((x) => x.relation.id));
  return scope.conflicting.filter((group) => group.filter((r) => r.enforced).some((r) => working.has(r.id)));
}

/** A row that stays gets defaults by which another constraint finds it, and may take it along before anything refuses. */
function comingToReference({ scope, closure, effects }: NativeFacts): readonly Warning[] {
  return effects.flatMap((e) =>
    sharing(scope, e.relation, defaultsOf(e))
      .filter((r) => closure.tables.has(r.parent))
      .map((r) => diverges(e.relation, r)),
  );
}

/** A row that stays needs a unique value that a row that goes still has, or has not any more: the engine's order tells. */
function takingOver({ scope, closure, effects }: NativeFacts): boolean {
  const deleted = new Set(closure.tables.keys());
  return effects.some((e) => takesOver(e, deleted, scope.declared));
}

function diverges(relation: Relation, other: Relation): Warning {
  return {
    code: "native-diverges",
    relation: relation.id,
    message: `A bare DELETE may leave another state than planned: ${relation.id} writes columns that ${other.id} goes by, so the outcome depends on which of them the engine runs first.`,
  };
}
