import { collide, entriesOf, sameEntry } from "../../dialect/collisions.ts";
import type { Values } from "../../dialect/native-facts.ts";
import { allOf, id, list, raw, type Sql, sql } from "../../dialect/sql.ts";
import type { Syntax } from "../../dialect/syntax.ts";
import { type Check, columnOf, type Index, identityOf, type Table } from "../../model/table.ts";

/** A select of one row with other values in some columns. */
export function imageOf(
  syntax: Syntax,
  { table, values, where }: { readonly table: Table; readonly values: Values; readonly where: Sql },
): Sql {
  const columns = table.columns.map(({ name }) => {
    const old = id("t", name);
    if (!values.has(name)) return sql`${old} as ${id(name)}`;
    const text = values.get(name) ?? null;
    const value = text === null ? raw("null") : syntax.value(text, columnOf(table, name));
    // The untouched value as the last branch gives a bare null the column's type.
    return sql`case when 1 = 1 then ${value} else ${old} end as ${id(name)}`;
  });
  return sql`select ${list(columns)} from ${syntax.rows(table)} as t where ${where}`;
}

/** Yields a row where the image violates a CHECK. */
export function checkRefuses(
  syntax: Syntax,
  { table, image, check }: { readonly table: Table; readonly image: Sql; readonly check: Check },
): Sql {
  return sql`select 1 as refuses from (${image}) as ${id(table.name)} where ${syntax.isFalse(sql`(${raw(check.expression)})`)}`;
}

/** Whether a row `c` of the table, another one than the image's, has the image's entry in a unique index. */
export function sharingEntry(
  syntax: Syntax,
  { table, image, index }: { readonly table: Table; readonly image: Sql; readonly index: Index },
): Sql {
  const key = identityOf(table);
  const of = { table, index, key };
  const here = allOf(key.map((c, i) => sql`${id("o", `key_${i}`)} = ${id("c", c)}`));
  const rows = sql`select t.* from ${syntax.rows(table)} as t`;
  const [fresh, others] = [entriesOf(of, image), entriesOf(of, rows)];
  return sql`exists (select 1 from (${fresh}) as n join (${others}) as o on ${collide(syntax, index, "n", "o")} where ${here} and not (${sameEntry(key, "n", "o")}))`;
}
