import { mentions } from "../../model/guards.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import type { Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** By MATCH SIMPLE one null is enough for the other columns not to be looked at. */
export const fkNullableComposite: Rule = {
  id: "fk-nullable-composite",
  severity: "warning",
  confidence: "certain",
  title: "A composite foreign key of which one column can be null while the others reference nothing",
  find: (facts) =>
    facts.declared.relations.flatMap((relation) => {
      if (relation.columns.length < 2 || relation.match !== "simple") return [];
      const table = facts.table(relation.child);
      const nullable = relation.columns.filter((c) => columnOf(table, c).nullable);
      if (nullable.length === 0 || isGuarded(facts, relation, nullable)) return [];
      return [
        {
          object: relation.id,
          table: table.id,
          columns: nullable,
          message: `Where ${listed(nullable)} of ${table.id} is null, nothing checks the other columns of the key: a row may hold half a reference to ${relation.parent}, and no delete finds it.`,
          evidence: { nullable },
          fix: {
            description: `Make the columns NOT NULL, add a CHECK that all of ${listed(relation.columns)} are null or none, or declare MATCH FULL where the engine has it.`,
            sql: null,
          },
        },
      ];
    }),
};

/**
 * One nullable column beside others that have foreign keys of their own says "none" and no half of something (a tenant
 * and an optional parent in it); a CHECK on all of the columns is taken to tie them together.
 */
function isGuarded(facts: Facts, relation: Relation, nullable: readonly string[]): boolean {
  const table = facts.table(relation.child);
  const tied = table.checks.some(
    (c) => c.enforced && relation.columns.every((name) => mentions(c.expression, name)),
  );
  if (tied) return true;
  const others = facts.declared.from(relation.child).filter((r) => r.id !== relation.id);
  const rest = relation.columns.filter((c) => !nullable.includes(c));
  return nullable.length === 1 && rest.every((c) => others.some((r) => r.columns.includes(c)));
}
