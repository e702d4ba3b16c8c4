import type { Transaction } from "../dialect/engine.ts";
import type { Values } from "../dialect/native-facts.ts";
import { id, list, raw, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { columnOf, type Table } from "../model/table.ts";

/** What columns get by default, as text; without those that have no default. */
export async function defaultsOf(
  { tx, syntax }: { readonly tx: Transaction; readonly syntax: Syntax },
  table: Table,
  columns: readonly string[],
): Promise<Values> {
  const given = columns.map((name) => columnOf(table, name)).filter((c) => c.default !== null);
  if (given.length === 0) return new Map();
  const texts = given.map((c) => sql`${syntax.text(raw(`(${c.default})`), c)} as ${id(c.name)}`);
  const [row] = await tx.rows(sql`select ${list(texts)}`);
  return new Map(given.map((c) => [c.name, row?.[c.name] ?? null]));
}
