import type { Engine, Transaction } from "../dialect/engine.ts";
import type { Values } from "../dialect/native-facts.ts";
import { allOf, id, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import type { Relation } from "../model/relation.ts";
import type { Column, Table, TableId } from "../model/table.ts";
import { type BuiltRow, equal, selectTexts, valuesOf } from "./built-row.ts";

export interface RowsTask extends Pick<Engine, "partitionBounds" | "deferral"> {
  readonly tx: Transaction;
  readonly syntax: Syntax;
  /** Rows of other experiments that stay have other numbers. */
  readonly seed: number;
  readonly tables: ReadonlyMap<TableId, Table>;
  /** The relations that rows have to mind: constraints, and what the policy adds. */
  readonly relations: ReadonlyMap<TableId, readonly Relation[]>;
}

/** The table, with the bounds of its partition as one more CHECK. */
export async function bounded({ tx, partitionBounds }: RowsTask, table: Table): Promise<Table> {
  const bounds = table.kind === "table" ? null : await partitionBounds(tx, table);
  if (bounds === null) return table;
  return { ...table, checks: [...table.checks, { name: null, expression: bounds, enforced: true }] };
}

/** A row that is there, as a pattern. */
export async function anyRow({ tx, syntax }: RowsTask, table: Table): Promise<Values | null> {
  const [row] = await tx.rows(sql`${selectTexts(syntax, table, allOf([]))} limit 1`);
  return row ? valuesOf(table, row) : null;
}

/** A row with these values, for which all conditions hold. */
export async function findRow(
  { tx, syntax }: RowsTask,
  table: Table,
  given: Values,
  conditions: readonly Sql[] = [],
): Promise<BuiltRow | null> {
  const where = allOf([equal(syntax, table, given), ...conditions]);
  const [row] = await tx.rows(sql`${selectTexts(syntax, table, where)} limit 1`);
  return row ? { table, values: valuesOf(table, row) } : null;
}

/** Whether the column's numbers are the engine's to give, see `Syntax.lastCounted`. */
export const counts = ({ syntax }: RowsTask, column: Column): boolean =>
  column.identity !== null && syntax.lastCounted !== null;

/** The number above all that are there. */
export async function nextNumber({ tx, syntax }: RowsTask, table: Table, column: Column): Promise<bigint> {
  const [row] = await tx.rows(sql`select max(${id("t", column.name)}) as v from ${syntax.rows(table)} as t`);
  return BigInt(row?.v ?? 0) + 1n;
}

/** What the engine has given to the row that was just made without such a value. */
export async function lastNumber(task: RowsTask, table: Table, values: Values): Promise<Values> {
  const { tx, syntax } = task;
  const column = table.columns.find((c) => counts(task, c) && !values.has(c.name));
  if (!column || !syntax.lastCounted) return new Map();
  const [row] = await tx.rows(sql`select ${syntax.lastCounted} as v`);
  return new Map([[column.name, row?.v ?? null]]);
}
