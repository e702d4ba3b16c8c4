import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { dropSql } from "../fixes.ts";
import type { Found, Rule } from "../rule.ts";

/** The second one costs a check for every write and says nothing new. */
export const fkDuplicate: Rule = {
  id: "fk-duplicate",
  severity: "warning",
  confidence: "certain",
  title: "Two foreign keys on the same columns that say the same",
  find: (facts) => {
    const groups = Map.groupBy(facts.declared.relations, sameness);
    return [...groups.values()].flatMap(([first, ...others]) =>
      first ? others.map((other) => told(facts, first, other)) : [],
    );
  },
};

function told(facts: Facts, first: Relation, other: Relation): Found {
  const names = [first.name, other.name].map((name) => name ?? "one without a name");
  return {
    object: other.id,
    table: other.child,
    columns: other.columns,
    message: `${names[1]} is the same foreign key as ${names[0]}: every write to ${other.child} and every delete from ${other.parent} is checked twice.`,
    evidence: { constraints: names },
    fix: { description: `Drop ${names[1]}.`, sql: dropSql(facts, other) },
  };
}

/** Text that is equal for foreign keys that do the same. */
function sameness(r: Relation): string {
  const pairs = r.columns.map((c, i) => `${c}\u0000${r.parentColumns[i]}`).sort();
  return JSON.stringify([
    r.childPartition ?? r.child,
    r.parentPartition ?? r.parent,
    pairs,
    r.onDelete,
    r.onUpdate,
    r.match,
    r.initiallyDeferred,
    r.setColumns,
  ]);
}
