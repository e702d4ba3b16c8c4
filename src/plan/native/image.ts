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
  const keys = key.map((c, i) => sql`${id(c)} as ${id(`key_${i}`)}`);
  const entries = index.entries.map((entry, i) => sql`${raw(entry)} as ${id(`entry_${i}`)}`);
  const where = index.predicate === null ? raw("1 = 1") : sql`(${raw(index.predicate)})`;
  const entriesOf = (rows: Sql): Sql =>
    sql`select ${list([...keys, ...entries])} from ${rows} as ${id(table.name)} where ${where}`;
  const equal = index.entries.map((_, i) => {
    const [n, o] = [id("n", `entry_${i}`), id("o", `entry_${i}`)];
    return index.nullsDistinct ? sql`${n} = ${o}` : syntax.same(n, o);
  });
  const same = (left: (i: number) => Sql, right: (i: number) => Sql) =>
    allOf(key.map((_, i) => sql`${left(i)} = ${right(i)}`));
  const [n, o] = [(i: number) => id("n", `key_${i}`), (i: number) => id("o", `key_${i}`)];
  const here = same(o, (i) => id("c", key[i] ?? ""));
  return sql`exists (select 1 from (${entriesOf(sql`(${image})`)}) as n join (${entriesOf(syntax.rows(table))}) as o on ${allOf(equal)} where ${here} and not (${same(n, o)}))`;
}
