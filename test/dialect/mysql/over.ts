import type { Pool, PoolConnection } from "mysql2/promise";
import { onTestFinished } from "vitest";
import type { Engine } from "../../../src/dialect/engine.ts";
import {
  fromConnection,
  fromPool,
  type MyConnectionLike,
  type MyPoolLike,
} from "../../../src/dialect/mysql/connection.ts";
import { mysqlEngine } from "../../../src/dialect/mysql/engine.ts";
import { type TestDatabase, type Variant, variants } from "../../support/databases.ts";

export const mariadb = variants.find((v) => v.engine === "mariadb") as Variant;

export const poolOf = (db: TestDatabase): Pool => db.handle as Pool;

/** The engine over the database's own pool, or another one. */
export const overPool = (db: TestDatabase, pool: Pool = poolOf(db)): Promise<Engine> =>
  mysqlEngine(fromPool(pool as object as MyPoolLike, { owned: false }));

/** A connection of the application's, and the engine over it. */
export async function overConnection(
  db: TestDatabase,
): Promise<{ readonly connection: PoolConnection; readonly engine: Engine }> {
  const connection = await poolOf(db).getConnection();
  onTestFinished(() => connection.destroy());
  return { connection, engine: await mysqlEngine(fromConnection(connection as object as MyConnectionLike)) };
}

/** The first value of the first row. */
export async function firstValue(connection: Pick<Pool, "query">, text: string): Promise<string | null> {
  const [rows] = await connection.query({ sql: text, rowsAsArray: true });
  const value = (rows as readonly (readonly unknown[])[])[0]?.[0];
  return value === null || value === undefined ? null : String(value);
}
