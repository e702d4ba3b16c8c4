import type { Row, Transaction } from "../dialect/engine.ts";
import type { Values } from "../dialect/native-facts.ts";
import { allOf, id, list, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { columnOf, identityOf, type Table } from "../model/table.ts";

/** A row that was made for an experiment, or found. */
export interface BuiltRow {
  readonly table: Table;
  /** All columns as text. */
  readonly values: Values;
}

/** A select of rows with all their columns as text. */
export function selectTexts(syntax: Syntax, table: Table, where: Sql): Sql {
  const texts = table.columns.map((c) => sql`${syntax.text(id("t", c.name), c)} as ${id(c.name)}`);
  return sql`select ${list(texts)} from ${syntax.rows(table)} as t where ${where}`;
}

export function equal(syntax: Syntax, table: Table, values: Values, alias = "t"): Sql {
  return allOf(
    [...values].map(([name, text]) =>
      text === null
        ? sql`${id(alias, name)} is null`
        : sql`${id(alias, name)} = ${syntax.value(text, columnOf(table, name))}`,
    ),
  );
}

/** The condition that finds a row again: its key, and where it has none what was written into it. */
export function whereRow(syntax: Syntax, row: BuiltRow, alias?: string): Sql {
  const key = identityOf(row.table);
  const names =
    key.length > 0 ? key : row.table.columns.filter((c) => hasEquality(row, c.name)).map((c) => c.name);
  return equal(syntax, row.table, new Map(names.map((name) => [name, row.values.get(name) ?? null])), alias);
}

/** The row as it is now; null where it is gone. */
export async function rowNow(tx: Transaction, syntax: Syntax, row: BuiltRow): Promise<BuiltRow | null> {
  const [found] = await tx.rows(selectTexts(syntax, row.table, whereRow(syntax, row)));
  return found ? { table: row.table, values: valuesOf(row.table, found) } : null;
}

/** What {@link selectTexts} gave. */
export const valuesOf = (table: Table, row: Row): Values =>
  new Map(table.columns.map((c) => [c.name, row[c.name] ?? null]));

/** Without a key numbers and texts tell a row; other types may have no `=`. */
const hasEquality = ({ table }: BuiltRow, name: string): boolean =>
  /int|char|text|numeric|decimal/i.test(columnOf(table, name).baseType ?? columnOf(table, name).type);
