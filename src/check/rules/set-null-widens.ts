import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { replaceSql } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** SET NULL on (tenant, parent) clears the tenant too (E9). */
export const setNullWidens: Rule = {
  id: "set-null-widens",
  severity: "error",
  confidence: "certain",
  title: "A composite SET NULL that also clears a column which means something else",
  find: (facts) =>
    facts.declared.relations.flatMap((relation) => {
      if (relation.onDelete !== "set null" || relation.columns.length < 2 || relation.setColumns) return [];
      const shared = relation.columns.filter((c) => isShared(facts, relation, c));
      if (shared.length === 0) return [];
      const own = relation.columns.filter((c) => !shared.includes(c));
      const narrower = own.length > 0 && facts.engine.constraints.setsSomeColumns;
      return [
        {
          object: relation.id,
          table: relation.child,
          columns: shared,
          message: `A delete from ${relation.parent} sets all of ${listed(relation.columns)} in ${relation.child} to null. ${listed(shared)} also says something else there, and is lost with the reference.`,
          evidence: { sets: relation.columns, shared },
          fix: narrower
            ? {
                description: `Let it clear ${listed(own)} alone.`,
                sql: replaceSql(facts, relation, { ...relation, setColumns: own }),
              }
            : {
                description:
                  "Let the application clear the reference, make the relation CASCADE or RESTRICT, or reference by a column of its own.",
                sql: null,
              },
        },
      ];
    }),
};

/** Whether the column is part of another relation, of the primary key, or referenced itself. */
function isShared({ declared, table }: Facts, relation: Relation, column: string): boolean {
  const others = declared.from(relation.child).filter((r) => r.id !== relation.id);
  return (
    others.some((r) => r.columns.includes(column) && !samePlace(r, relation)) ||
    table(relation.child).primaryKey.includes(column) ||
    declared.into(relation.child).some((r) => r.parentColumns.includes(column))
  );
}

/** A second key on the same columns gives them no second meaning. */
const samePlace = (a: Relation, b: Relation): boolean =>
  a.parent === b.parent &&
  a.columns.length === b.columns.length &&
  a.columns.every((c) => b.columns.includes(c));
