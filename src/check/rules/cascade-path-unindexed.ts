import type { Relation } from "../../model/relation.ts";
import { cascades } from "../action.ts";
import type { Facts } from "../facts.ts";
import { indexFix } from "../fixes.ts";
import type { Rule } from "../rule.ts";

/** Rows of the parent go by the cascade of another relation, so that the child is searched once for each of them. */
export const cascadePathUnindexed: Rule = {
  id: "cascade-path-unindexed",
  severity: "error",
  confidence: "certain",
  title: "A relation without an index whose parent loses rows by a cascade",
  options: { small: { unlessGiven: 1_000, meaning: "rows of the child up to which it is only a warning" } },
  find(facts, option) {
    const relations = facts.followed.relations.filter((r) => !r.indexed && lookedUpByCascade(facts, r));
    return relations.map((relation) => {
      const rows = facts.table(relation.childPartition ?? relation.child).rowEstimate;
      const above = cascadesInto(facts, relation)[0];
      return {
        object: relation.id,
        table: relation.child,
        columns: relation.columns,
        message: `${above?.id} cascades, and for each row that it deletes from ${relation.parent} all of ${relation.child} is read, because no index leads with ${relation.columns.join(", ")}.`,
        evidence: { rows, onDelete: relation.onDelete, cascade: above?.id ?? null },
        ...(rows && rows <= option("small") ? { severity: "warning" as const } : {}),
        fix: indexFix(facts, relation),
      };
    });
  },
};

/** A tree that cascades is a path with as many levels as the tree has. */
const cascadesInto = ({ followed }: Facts, relation: Relation): readonly Relation[] =>
  followed.from(relation.parent).filter((r) => cascades(r) && (r.id !== relation.id || r.child === r.parent));

/** Whether the engine looks for rows by the relation while it cascades. */
export const lookedUpByCascade = (facts: Facts, relation: Relation): boolean =>
  cascadesInto(facts, relation).length > 0;
