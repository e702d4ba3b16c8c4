import { type Model, tableOf } from "../model/model.ts";
import type { Evidence } from "../model/orphans.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf } from "../model/table.ts";
import { childFrom, references } from "./edge.ts";
import type { Transaction } from "./engine.ts";
import { allOf, anyOf, id, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

interface Place {
  readonly syntax: Syntax;
  readonly model: Model;
}

/**
 * From the child's rows, as `c`, those whose reference is complete and finds no row of the parent. MATCH SIMPLE: a null
 * in one column means no reference; MATCH FULL: all of them or none may be null.
 */
export function orphansFrom({ syntax, model }: Place, relation: Relation): Sql {
  const parent = syntax.rows(tableOf(model, relation.parent));
  const complete = allOf([
    ...relation.columns.map((c) => sql`${id("c", c)} is not null`),
    ...typeIs(syntax, model, relation),
  ]);
  const found = sql`select 1 from ${parent} as p where ${references(syntax, model, relation, { child: "c", parent: "p" })}`;
  const dangling = sql`(${complete} and not exists (${found}))`;
  const partial = relation.match === "full" ? [partlyNull(relation)] : [];
  return sql`from ${childFrom(syntax, model, relation)} as c where ${anyOf([dangling, ...partial])}`;
}

function typeIs(syntax: Syntax, model: Model, { child, when }: Relation): readonly Sql[] {
  if (!when) return [];
  const column = columnOf(tableOf(model, child), when.column);
  return [anyOf(when.values.map((v) => sql`${id("c", when.column)} = ${syntax.value(v, column)}`))];
}

function partlyNull({ columns }: Relation): Sql {
  const some = anyOf(columns.map((c) => sql`${id("c", c)} is null`));
  return sql`(${some} and ${anyOf(columns.map((c) => sql`${id("c", c)} is not null`))})`;
}

/** How many rows of a relation that is guessed about are looked at. */
const LOOKED_AT = 10_000;

/** What rows say of a relation: of some that have a value, how many name a row of the parent. */
export async function evidenceOf(
  tx: Pick<Transaction, "rows">,
  place: Place,
  relation: Relation,
): Promise<Evidence> {
  const { syntax, model } = place;
  const [column] = relation.columns;
  const filled = sql`select * from ${childFrom(syntax, model, relation)} as t where ${id("t", column ?? "")} is not null limit ${raw(String(LOOKED_AT))}`;
  const parent = syntax.rows(tableOf(model, relation.parent));
  const found = sql`select 1 from ${parent} as p where ${references(syntax, model, relation, { child: "c", parent: "p" })}`;
  const [row] = await tx.rows(
    sql`select count(*) as looked, coalesce(sum(case when exists (${found}) then 1 else 0 end), 0) as matched from (${filled}) as c`,
  );
  return { looked: Number(row?.looked ?? 0), matched: Number(row?.matched ?? 0) };
}
