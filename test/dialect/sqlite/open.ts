import { DatabaseSync } from "node:sqlite";
import type { Engine } from "../../../src/dialect/engine.ts";
import type { Sql } from "../../../src/dialect/sql.ts";
import { raw } from "../../../src/dialect/sql.ts";
import { sqliteEngine } from "../../../src/dialect/sqlite/engine.ts";
import { type Model, tableOf } from "../../../src/model/model.ts";
import { type Column, columnOf, type Table } from "../../../src/model/table.ts";

export const journal = { schema: "ondelete", prefix: "ondelete_" };

/** A database in memory with these statements run on it. */
export function memory(...statements: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  for (const statement of statements) database.exec(statement);
  return database;
}

/** The rows of a query as lists of values; integers are bigint, so that no REAL is taken for one. */
export function values(database: DatabaseSync, query: string): readonly unknown[][] {
  const statement = database.prepare(query);
  statement.setReadBigInts(true);
  return statement.all().map((row) => Object.values(row));
}

export async function modelOf(database: DatabaseSync): Promise<Model> {
  return (await sqliteEngine(database)).readModel({ journal });
}

export async function tableIn(database: DatabaseSync, name: string): Promise<Table> {
  return tableOf(await modelOf(database), name);
}

export async function columnIn(database: DatabaseSync, table: string, column: string): Promise<Column> {
  return columnOf(await tableIn(database, table), column);
}

/** The rows of a query that the engine runs in a read transaction. */
export async function selectWith(engine: Engine, query: Sql | string) {
  const statement = typeof query === "string" ? raw(query) : query;
  return engine.read({ scratch: true }, (tx) => tx.rows(statement));
}
