import type { Relation } from "../../model/relation.ts";
import { acts, cascades } from "../action.ts";
import type { Facts } from "../facts.ts";
import type { Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** InnoDB's actions fire no trigger (E20), so that what a trigger writes down is missing for them. */
export const cascadeSkipsTriggers: Rule = {
  id: "cascade-skips-triggers",
  severity: "warning",
  confidence: "certain",
  title: "A referential action on a table whose triggers it does not fire",
  notHere: ({ engine }) =>
    engine.capabilities.actionsFireTriggers ? "Referential actions fire triggers on this engine." : null,
  find: (facts) =>
    facts.declared.relations.filter(acts).flatMap((relation) => {
      const triggers = passedOver(facts, relation);
      if (triggers.length === 0) return [];
      const does = cascades(relation) ? "deletes" : "changes";
      return [
        {
          object: relation.id,
          table: relation.child,
          columns: relation.columns,
          message: `${relation.id} ${does} rows of ${relation.child} without firing its triggers: ${listed(triggers)} ${triggers.length === 1 ? "does" : "do"} not see what a delete from ${relation.parent} does.`,
          evidence: { triggers, onDelete: relation.onDelete },
          fix: {
            description: `Delete through ondelete, whose own deletes fire them, or make the relation RESTRICT and delete rows of ${relation.child} first.`,
            sql: null,
          },
        },
      ];
    }),
};

function passedOver({ table }: Facts, relation: Relation): readonly string[] {
  const event = cascades(relation) ? "delete" : "update";
  return table(relation.child)
    .triggers.filter((t) => t.enabled && t.events.includes(event))
    .map((t) => t.name);
}
