import { snake } from "../../model/guessed-audit.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf } from "../../model/table.ts";
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
      const meant = relation.columns.filter((c) => isShared(facts, relation, c));
      const shared = meant.length > 0 ? meant : tenantsAmong(relation);
      if (shared.length === 0) return [];
      const own = relation.columns.filter((c) => !shared.includes(c));
      const narrower = own.length > 0 && facts.engine.constraints.setsSomeColumns;
      return [
        {
          object: relation.id,
          table: relation.child,
          columns: shared,
          ...(meant.length > 0 ? {} : { confidence: "inferred" as const }),
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

/**
 * Whether the column is part of another relation, of the primary key or of a key beside other columns, or is referenced
 * itself; and whether it is always there where the reference is not.
 */
function isShared({ declared, table }: Facts, relation: Relation, column: string): boolean {
  const child = table(relation.child);
  const others = declared.from(relation.child).filter((r) => r.id !== relation.id);
  const isOptional = relation.columns.some((c) => columnOf(child, c).nullable);
  return (
    others.some((r) => r.columns.includes(column) && !samePlace(r, relation)) ||
    child.primaryKey.includes(column) ||
    child.uniqueKeys.some((key) => key.columns.includes(column) && isApart(key.columns, relation)) ||
    declared.into(relation.child).some((r) => r.parentColumns.includes(column)) ||
    (isOptional && !columnOf(child, column).nullable)
  );
}

/** Whether columns are not all those of the reference, nor some of them alone. */
const isApart = (columns: readonly string[], relation: Relation): boolean =>
  columns.some((c) => !relation.columns.includes(c)) && relation.columns.some((c) => !columns.includes(c));

const TENANT =
  /^(tenant|org|organi[sz]ation|account|company|workspace|customer|client|team)(_?(id|uid|uuid|key|no|code))?$/;

/** Columns that are named after what all rows of a tenant have in common, beside others that are not. */
function tenantsAmong({ columns }: Relation): readonly string[] {
  const named = columns.filter((c) => TENANT.test(snake(c)));
  return named.length < columns.length ? named : [];
}

/** A second key on the same columns gives them no second meaning. */
const samePlace = (a: Relation, b: Relation): boolean =>
  a.parent === b.parent &&
  a.columns.length === b.columns.length &&
  a.columns.every((c) => b.columns.includes(c));
