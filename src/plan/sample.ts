import type { Transaction } from "../dialect/engine.ts";
import type { RowSet, RowSets } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import type { Key } from "../model/plan.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";

export const SAMPLE = 5;

/** Reads counts and keys of selects over row sets. */
export interface Reader {
  readonly tx: Transaction;
  readonly sets: RowSets;
  readonly syntax: Syntax;
}

/** How many rows a select yields. */
export async function count(reader: Reader, select: Sql, uses: readonly RowSet[]): Promise<number> {
  const [row] = await reader.tx.rows(
    reader.sets.over(uses, sql`select count(*) as n from (${select}) as counted`),
  );
  return Number(row?.n);
}

/** The columns by which a row is shown: its key, or all it has where it has none. */
export function namingColumns(table: Table): readonly string[] {
  const key = identityOf(table);
  return key.length > 0 ? key : table.columns.map((c) => c.name);
}

/** The first keys of a select that yields key columns by name, in key order. */
export async function keys(
  reader: Reader,
  table: Table,
  select: Sql,
  options: { readonly uses: readonly RowSet[]; readonly limit: number },
): Promise<readonly Key[]> {
  const key = namingColumns(table);
  const texts = key.map(
    (name, i) => sql`${reader.syntax.text(id("k", name), columnOf(table, name))} as ${id(`k${i}`)}`,
  );
  const order = list(key.map((name) => id("k", name)));
  const query = sql`select ${list(texts)} from (${select}) as k order by ${order} limit ${raw(String(options.limit))}`;
  const rows = await reader.tx.rows(reader.sets.over(options.uses, query));
  return rows.map((row) => Object.fromEntries(key.map((name, i) => [name, row[`k${i}`] ?? ""])));
}

/** Keys of a row set. */
export function keysOfSet(set: RowSet): Sql {
  return sql`select ${list(set.key.map((c) => id("s", c)))} from ${set.from} as s`;
}
