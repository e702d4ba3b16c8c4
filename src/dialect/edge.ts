import { type Model, tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, identityOf } from "../model/table.ts";
import { sameKey } from "./row-set.ts";
import { allOf, id, list, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/** The two sides of a relation in a statement: an alias that holds the child's columns and one that holds the parent's. */
export interface Sides {
  readonly child: string;
  readonly parent: string;
}

/** Whether the child's row references the parent's, as the engine's foreign keys see it. */
export function references(syntax: Syntax, model: Model, relation: Relation, sides: Sides): Sql {
  const child = tableOf(model, relation.child);
  const parent = tableOf(model, relation.parent);
  const pairs = relation.columns.map((name, i) => {
    const parentName = relation.parentColumns[i] ?? "";
    // Rows of the parent do not overlap each other: what one of them covers of a child's range, no other does.
    if (relation.period && i === relation.columns.length - 1)
      return sql`${id(sides.child, name)} && ${id(sides.parent, parentName)}`;
    return syntax.references(
      id(sides.child, name),
      columnOf(child, name),
      id(sides.parent, parentName),
      columnOf(parent, parentName),
    );
  });
  return allOf([
    ...pairs,
    ...typeIs(syntax, model, relation, sides.child),
    ...inPartition(syntax, model, relation, sides),
  ]);
}

/** The child's table as an item of FROM: the partition alone where only the partition carries the constraint. */
export function childFrom(syntax: Syntax, model: Model, relation: Relation): Sql {
  return syntax.rows(tableOf(model, relation.childPartition ?? relation.child));
}

function typeIs(syntax: Syntax, model: Model, relation: Relation, alias: string): readonly Sql[] {
  const { when } = relation;
  if (!when) return [];
  const column = columnOf(tableOf(model, relation.child), when.column);
  return [sql`${id(alias, when.column)} in (${list(when.values.map((v) => syntax.value(v, column)))})`];
}

function inPartition(syntax: Syntax, model: Model, relation: Relation, sides: Sides): readonly Sql[] {
  if (!relation.parentPartition) return [];
  const partition = syntax.rows(tableOf(model, relation.parentPartition));
  const key = identityOf(tableOf(model, relation.parent));
  return [sql`exists (select 1 from ${partition} as part where ${sameKey("part", sides.parent, key)})`];
}
