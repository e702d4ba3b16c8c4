import { columnsSetBy, type Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import { conjuncts } from "../conjuncts.ts";
import type { Rule } from "../rule.ts";

/** Such a constraint can be declared, and each delete that finds a row then fails (E8). */
export const setNullOnNotNull: Rule = {
  id: "set-null-on-not-null",
  severity: "error",
  confidence: "certain",
  title: "ON DELETE SET NULL on a column that cannot be null",
  find(facts) {
    return facts.followed.relations
      .filter((r) => r.onDelete === "set null")
      .flatMap((relation) => {
        const table = facts.table(relation.child);
        const required = columnsSetBy(relation).filter((name) => isRequired(table, name));
        if (required.length === 0) return [];
        return [
          {
            object: relation.id,
            table: table.id,
            columns: required,
            message: `${relation.id} sets ${required.join(", ")} to null, which cannot be null: every delete from ${relation.parent} that finds a row of ${table.id} fails.`,
            evidence: { columns: required, ...whyOf(table, required) },
            fix: { description: adviceFor(relation, table, required), sql: null },
          },
        ];
      });
  },
};

/** A generated column fails in another way, and before there are rows. */
function isRequired(table: Table, name: string): boolean {
  const column = table.columns.find((c) => c.name === name);
  if (!column || column.generated) return false;
  // Columns of a primary key can be null on SQLite, and there are nullable then.
  return !column.nullable || checksOn(table, name).length > 0;
}

/** Names of the checks that keep the column from null. */
const checksOn = (table: Table, name: string): readonly string[] =>
  table.checks
    .filter((c) => c.enforced && saysNotNull(c.expression, name))
    .map((c) => c.name ?? c.expression);

const NAME = /\(*\s*["`[]?([^"`\]]+?)["`\]]?\s*\)*/.source;
const NOT_NULL = [
  new RegExp(`^${NAME}\\s*(?:is\\s+not\\s+null|\\bnot\\s*null)$`, "i"),
  new RegExp(`^not\\s*${NAME}\\s*(?:is\\s+null|\\bisnull)\\s*\\)*$`, "i"),
];

/** Whether the condition, or one of those that it joins by AND, says that the column is not null. */
const saysNotNull = (expression: string, name: string): boolean =>
  conjuncts(expression).some((part) =>
    NOT_NULL.some((pattern) => pattern.exec(part)?.[1]?.toLowerCase() === name.toLowerCase()),
  );

function whyOf(table: Table, columns: readonly string[]) {
  const checks = columns.flatMap((name) => checksOn(table, name));
  return checks.length > 0 ? { checks } : {};
}

function adviceFor(relation: Relation, table: Table, required: readonly string[]): string {
  const rest = columnsSetBy(relation).filter((name) => !required.includes(name));
  const some = rest.length > 0 ? `set null (${rest.join(", ")}) alone where the engine takes a list, ` : "";
  return `Choose what is meant: ${some}allow null in ${table.id}.${required.join(", ")}, or make the relation CASCADE or RESTRICT.`;
}
