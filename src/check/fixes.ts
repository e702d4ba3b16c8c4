import { foreignKeyClause } from "../dialect/foreign-key.ts";
import { sql } from "../dialect/sql.ts";
import type { Fix } from "../model/finding.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

/** The index that lets the engine find the rows of a relation. */
export function indexFix({ engine, table }: Facts, relation: Relation): Fix {
  const child = table(relation.childPartition ?? relation.child);
  const { columns } = relation;
  const parent = table(relation.parent);
  const collations = columns.map((own, i) => {
    const wanted = columnOf(parent, relation.parentColumns[i] ?? "").collation;
    return wanted === columnOf(child, own).collation ? null : (wanted ?? "binary");
  });
  const name = nameFor(child, columns);
  return {
    description: `Add an index on ${child.id} (${columns.join(", ")}).`,
    sql: engine.syntax.print(engine.syntax.createIndex({ table: child, name, columns, collations })),
  };
}

/** The statement that drops a constraint; null where the table would have to be made anew. */
export function dropSql({ engine, table }: Facts, relation: Relation): string | null {
  const { syntax, constraints } = engine;
  if (!constraints.drop || relation.name === null) return null;
  const child = table(relation.childPartition ?? relation.child);
  return syntax.print(sql`alter table ${syntax.table(child)} ${constraints.drop(relation.name)}`);
}

/** The statement that puts another constraint in the place of one, without a moment between them. */
export function replaceSql({ engine, table, model }: Facts, relation: Relation, by: Relation): string | null {
  const { syntax, constraints } = engine;
  if (!constraints.drop || relation.name === null || relation.childPartition !== null) return null;
  const child = syntax.table(table(relation.child));
  const drop = constraints.drop(relation.name);
  const name = constraints.nameInPlaceOf(relation.name);
  return syntax.print(sql`alter table ${child} ${drop}, add ${foreignKeyClause(syntax, model, by, name)}`);
}

/** The statement that has old rows checked; null where the engine has none. */
export function validateSql({ engine, table }: Facts, relation: Relation): string | null {
  const { syntax, constraints } = engine;
  if (!constraints.validate || relation.name === null) return null;
  const child = table(relation.childPartition ?? relation.child);
  return syntax.print(sql`alter table ${syntax.table(child)} ${constraints.validate(relation.name)}`);
}

/** A name that no index of the table has: one of that name may be there, and not serve. */
function nameFor({ name, indexes }: Table, columns: readonly string[]): string {
  const wanted = `${name}_${columns.join("_")}_idx`.slice(0, 60);
  const taken = (one: string) => indexes.some((i) => i.name === one);
  return [wanted, ...[2, 3, 4, 5].map((n) => `${wanted}${n}`)].find((one) => !taken(one)) ?? wanted;
}
