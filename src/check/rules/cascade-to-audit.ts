import { CascadeGraph } from "../../graph/cascade-graph.ts";
import type { Relation } from "../../model/relation.ts";
import { auditConfidence, isOwner } from "../audit.ts";
import type { Facts } from "../facts.ts";
import { replaceSql } from "../fixes.ts";
import type { Rule } from "../rule.ts";

/** What was written down goes with those of whom it tells. */
export const cascadeToAudit: Rule = {
  id: "cascade-to-audit",
  severity: "error",
  confidence: "inferred",
  title: "A cascade into a table that records what was done",
  find(facts) {
    const cascades = new CascadeGraph(facts.followed.relations);
    return cascades.relations.flatMap((relation) => {
      const confidence = auditConfidence(facts, facts.table(relation.child));
      if (confidence === null) return [];
      if (confidence === "inferred" && !isBelowOwner(facts, cascades, relation)) return [];
      return [
        {
          object: relation.id,
          table: relation.child,
          columns: relation.columns,
          confidence,
          message: `${relation.child} ${confidence === "certain" ? "records" : "looks as if it recorded"} what was done, and ${relation.id} cascades: a delete from ${relation.parent} takes the records along, and nobody can tell afterwards that they were there.`,
          evidence: { tagged: confidence === "certain" },
          fix: {
            description: `Make it RESTRICT, or SET NULL beside a column that keeps who it was. Where ${relation.child} records nothing, say tables.${relation.child}.audit: false.`,
            sql: relation.enforced
              ? replaceSql(facts, relation, { ...relation, onDelete: "restrict" })
              : null,
          },
        },
      ];
    });
  },
};

/** Of what only looks like a record, cascades from a table's own subject (a log of a run) are left out. */
const isBelowOwner = (facts: Facts, cascades: CascadeGraph, { parent }: Relation): boolean =>
  [parent, ...cascades.above(parent)].some((t) => isOwner(facts.table(t)));
