import type { Fix } from "../model/finding.ts";
import type { Relation } from "../model/relation.ts";
import type { Facts } from "./facts.ts";

/** The index that lets the engine find the rows of a relation. */
export function indexFix({ engine, table }: Facts, relation: Relation): Fix {
  const child = table(relation.childPartition ?? relation.child);
  const name = `${child.name}_${relation.columns.join("_")}_idx`.slice(0, 60);
  return {
    description: `Add an index on ${child.id} (${relation.columns.join(", ")}).`,
    sql: engine.syntax.print(engine.syntax.createIndex({ table: child, name, columns: relation.columns })),
  };
}
