import type { Index, Table } from "../model/table.ts";
import { allOf, id, list, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/**
 * The entries that rows have in an index, as `entry_0`, …, with the rows' key as `key_0`, …; rows that a partial index
 * leaves out are left out.
 */
export function entriesOf(
  { table, index, key }: { readonly table: Table; readonly index: Index; readonly key: readonly string[] },
  rows: Sql,
): Sql {
  const keys = key.map((c, i) => sql`${id(c)} as ${id(`key_${i}`)}`);
  const entries = index.entries.map((entry, i) => sql`${raw(entry)} as ${id(`entry_${i}`)}`);
  const where = index.predicate === null ? raw("1 = 1") : sql`(${raw(index.predicate)})`;
  return sql`select ${list([...keys, ...entries])} from (${rows}) as ${id(table.name)} where ${where}`;
}

/** Whether the entries of two aliases cannot be in the index together. */
export function collide(syntax: Syntax, index: Index, left: string, right: string): Sql {
  return allOf(
    index.entries.map((_, i) => {
      const [l, r] = [id(left, `entry_${i}`), id(right, `entry_${i}`)];
      const operator = index.operators?.[i];
      if (operator !== undefined) return sql`${l} ${raw(operator)} ${r}`;
      return index.nullsDistinct ? sql`${l} = ${r}` : syntax.same(l, r);
    }),
  );
}

/** Whether the rows of two aliases of {@link entriesOf} are one. */
export const sameEntry = (key: readonly string[], left: string, right: string): Sql =>
  allOf(key.map((_, i) => sql`${id(left, `key_${i}`)} = ${id(right, `key_${i}`)}`));

/** The key of an alias of {@link entriesOf} under its own names. */
export const keyOfEntry = (key: readonly string[], alias: string): Sql =>
  list(key.map((c, i) => sql`${id(alias, `key_${i}`)} as ${id(c)}`));
