import type { Model } from "./model.ts";
import { configuredRelation, type Policy, type PolicyRelation } from "./policy.ts";
import { pairsOf, type ReferentialAction, type Relation, relationId } from "./relation.ts";
import { findsBy, type Table } from "./table.ts";

/** The relations that a plan follows, beside those that the database itself follows. */
export interface PlannedRelations {
  /** One relation for each pair of referencing and referenced columns: the policy's, else the most destructive constraint. */
  readonly followed: readonly Relation[];
  /** Every constraint as the database declares it. */
  readonly declared: readonly Relation[];
  /** Groups of constraints on the same columns that disagree about the action. */
  readonly conflicting: readonly (readonly Relation[])[];
}

const DESTRUCTIVE: readonly ReferentialAction[] = [
  "cascade",
  "set null",
  "set default",
  "restrict",
  "no action",
];

/** Lays the policy over the constraints. The policy's names have been checked against the model. */
export function withPolicy(model: Model, policy: Policy): PlannedRelations {
  const groups = Map.groupBy(model.relations, (r) => pairsOf(r));
  const entries = new Map(policy.relations.filter((e) => !e.when).map((e) => [pairsOf(e), e]));
  const followed = [...groups].map(([key, group]) => {
    const strongest = mostDestructive(group);
    const entry = entries.get(key);
    return entry ? overridden(strongest, entry) : strongest;
  });
  const added = policy.relations
    .filter((e) => e.when || !groups.has(pairsOf(e)))
    .map((e) => policyOnly(model, e));
  return {
    followed: [...followed, ...added].sort((a, b) => (a.id < b.id ? -1 : 1)),
    declared: model.relations,
    conflicting: [...groups.values()].filter(disagree),
  };
}

/** The model as the user is shown it: constraints, overridden or joined by the policy's relations. */
export function relationsShown(model: Model, policy: Policy): readonly Relation[] {
  const { followed, declared } = withPolicy(model, policy);
  const ids = new Set(followed.map((r) => r.id));
  return [...followed, ...declared.filter((r) => !ids.has(r.id))].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** RESTRICT and NO ACTION both refuse: which of them runs first makes no difference. */
function disagree(group: readonly Relation[]): boolean {
  return new Set(group.map((r) => (r.onDelete === "restrict" ? "no action" : r.onDelete))).size > 1;
}

function mostDestructive(group: readonly Relation[]): Relation {
  const rank = (r: Relation) => DESTRUCTIVE.indexOf(r.onDelete);
  return group.reduce((best, r) => (rank(r) < rank(best) ? r : best));
}

function overridden(relation: Relation, entry: PolicyRelation): Relation {
  const setColumns = entry.onDelete === relation.onDelete ? relation.setColumns : null;
  return {
    ...relation,
    onDelete: entry.onDelete,
    enforcedBy: entry.enforcedBy,
    origin: "configured",
    setColumns,
  };
}

function policyOnly(model: Model, entry: PolicyRelation): Relation {
  const child = model.tables.find((t) => t.id === entry.child);
  return configuredRelation(entry, relationId(entry), child !== undefined && isIndexed(child, entry.columns));
}

/** Kinds of indexes that find equal values. */
const EQUAL = ["btree", "hash"];

/** Whether a valid, full index of the table finds rows by the columns. */
function isIndexed(table: Table, columns: readonly string[]): boolean {
  const keys = [table.primaryKey, ...table.uniqueKeys.map((k) => k.columns)].filter((k) => k.length > 0);
  return (
    keys.some((key) => findsBy({ columns: key, unique: true }, columns)) ||
    table.indexes.some(
      (i) => i.valid && i.predicate === null && EQUAL.includes(i.method) && findsBy(i, columns),
    )
  );
}
