import { type Component, circles } from "../../graph/order.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf } from "../../model/table.ts";
import { acts, cascades } from "../action.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** Tables that reference each other in a circle: all of them go, or none can. */
export const cascadeCycle: Rule = {
  id: "cascade-cycle",
  severity: "warning",
  confidence: "certain",
  title: "Tables that reference each other in a circle which a delete runs around, or cannot enter",
  find(facts) {
    const relations = facts.followed.relations.filter((r) => r.child !== r.parent);
    const taking = relations.filter(cascades);
    // What waits for the commit lets all of them go one by one.
    const waits = (r: Relation) => r.initiallyDeferred && r.onDelete === "no action";
    const required = relations.filter((r) => !acts(r) && !waits(r) && isRequired(facts, r));
    return [
      ...circlesOf(taking).map((circle) => wipedOut(circle, taking)),
      ...circlesOf(required).map((circle) => undeletable(facts, circle, required)),
    ];
  },
};

const circlesOf = (relations: readonly Relation[]): readonly Component[] =>
  circles([...new Set(relations.flatMap((r) => [r.child, r.parent]))], relations);

const isRequired = (facts: Facts, r: Relation): boolean =>
  r.columns.every((name) => !columnOf(facts.table(r.child), name).nullable);

const within = (circle: Component, relations: readonly Relation[]): readonly string[] =>
  relations.filter((r) => circle.includes(r.child) && circle.includes(r.parent)).map((r) => r.id);

function wipedOut(circle: Component, relations: readonly Relation[]): Found {
  const [table = ""] = circle;
  return {
    object: table,
    part: `cascade ${circle.join()}`,
    table,
    message: `${listed(circle)} cascade into each other in a circle: deleting one row can go around it and take rows that have little to do with it, up to all of them.`,
    evidence: { tables: circle, relations: within(circle, relations) },
    fix: { description: "Break the circle: make one of its relations SET NULL or RESTRICT.", sql: null },
  };
}

function undeletable(facts: Facts, circle: Component, relations: readonly Relation[]): Found {
  const [table = ""] = circle;
  const refuses = facts.engine.capabilities.checksAtOnce
    ? ", and ondelete cannot delete them here either"
    : "";
  return {
    object: table,
    part: `required ${circle.join()}`,
    table,
    message: `${listed(circle)} require each other in a circle of NOT NULL columns without an action: no DELETE of one row can be the first${refuses}.`,
    evidence: { tables: circle, relations: within(circle, relations) },
    fix: { description: "Let one of the columns be null, or make one of the relations CASCADE.", sql: null },
  };
}
