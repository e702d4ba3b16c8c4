import { type Model, tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { id, list, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/** `CONSTRAINT name FOREIGN KEY …` as in DDL, without what is said of deferring. */
export function foreignKeyClause(syntax: Syntax, model: Model, relation: Relation, name: string): Sql {
  const columns = (names: readonly string[]) => list(names.map((c) => id(c)));
  const parent = syntax.table(tableOf(model, relation.parent));
  const match = relation.match === "full" ? raw(" match full") : raw("");
  const set = relation.setColumns ? sql` (${columns(relation.setColumns)})` : raw("");
  return sql`constraint ${id(name)} foreign key (${columns(relation.columns)}) references ${parent} (${columns(relation.parentColumns)})${match} on delete ${raw(relation.onDelete)}${set} on update ${raw(relation.onUpdate)}`;
}
