import { foreignKeyClause } from "../../dialect/foreign-key.ts";
import type { InferredRelation } from "../../dialect/inferred-relations.ts";
import { raw, sql } from "../../dialect/sql.ts";
import type { Relation } from "../../model/relation.ts";
import type { Facts } from "../facts.ts";
import { inferredIn } from "../inferred.ts";
import type { Found, Rule } from "../rule.ts";

/** Names alone are wrong too often: rows are asked too. */
export const fkImplicit: Rule = {
  id: "fk-implicit",
  severity: "warning",
  confidence: "inferred",
  title: "A column that is named like a reference, whose rows find a parent, and that no foreign key covers",
  wants: "data",
  async find(facts) {
    const found = await inferredIn(facts);
    return found.filter(isPlain).map(({ relation, evidence }): Found => {
      const { id, child, columns, parent } = relation;
      const { looked, matched } = evidence;
      const rows =
        looked === 0
          ? "it has no value in any row yet"
          : `${matched} of ${looked} rows that were looked at find a row of ${parent}`;
      return {
        object: id,
        table: child,
        columns,
        message: `${child}.${columns.join()} is named like a reference to ${parent}, and ${rows}. No foreign key says so: a delete from ${parent} leaves its rows behind as orphans.`,
        evidence: { looked, matched, orphans: looked - matched },
        fix: fixOf(facts, relation, looked - matched),
      };
    });
  },
};

/** With fewer matches the name may mislead; orphan-rows tells of what finds no row. */
const LEAST = 0.95;

const isPlain = ({ evidence: { looked, matched } }: InferredRelation): boolean =>
  looked === 0 || matched / looked >= LEAST;

function fixOf(
  { engine, model, table }: Facts,
  relation: Relation,
  orphans: number,
): NonNullable<Found["fix"]> {
  const { syntax, capabilities } = engine;
  if (orphans > 0)
    return {
      description: `Look at its orphans (ondelete orphans), and add the foreign key when they are gone; or name the relation in the configuration.`,
      sql: null,
    };
  const name = `${table(relation.child).name}_${relation.columns.join("_")}_fkey`.slice(0, 60);
  const clause = foreignKeyClause(syntax, model, relation, name);
  const statement = sql`alter table ${syntax.table(table(relation.child))} ${raw("add")} ${clause}`;
  return {
    description:
      "Add the foreign key, with the action that is meant, or name the relation in the configuration.",
    sql: capabilities.altersConstraints ? syntax.print(statement) : null,
  };
}
