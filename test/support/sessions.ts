import { DatabaseSync } from "node:sqlite";
import type { PGlite } from "@electric-sql/pglite";
import type { Pool as MyPool } from "mysql2/promise";
import type { Pool } from "pg";
import { onTestFinished } from "vitest";
import { mariadbRows, sqliteText, type TestDatabase, type TextRow, type Variant } from "./databases.ts";

/** One connection: on PGlite the only one there is, elsewhere a second beside those that the handle uses. */
export interface Session {
  /** What ondelete can open, and so join its transaction. */
  readonly handle: object;
  run(sql: string): Promise<void>;
  /** All values as text. */
  rows(query: string): Promise<TextRow[]>;
  end(): Promise<void>;
}

/** It is ended with the test at the latest, so that a test that fails does not keep its database from being dropped. */
export async function openSession(db: TestDatabase, variant: Variant): Promise<Session> {
  const session = await connect(db, variant);
  let open = true;
  const end = async () => {
    if (open) await session.end();
    open = false;
  };
  onTestFinished(end);
  return { ...session, end };
}

async function connect(db: TestDatabase, variant: Variant): Promise<Session> {
  switch (variant.engine) {
    case "sqlite":
      return sqliteSession(new DatabaseSync(db.url.replace(/^sqlite:/, ""), { timeout: 0 }));
    case "pglite": {
      const handle = db.handle as PGlite;
      return {
        handle,
        run: async (sql) => void (await handle.exec(sql)),
        rows: db.rows,
        end: async () => {},
      };
    }
    case "mariadb": {
      const handle = await (db.handle as MyPool).getConnection();
      return {
        handle,
        run: async (sql) => void (await handle.query(sql)),
        rows: (query) => mariadbRows(handle, query),
        end: async () => handle.destroy(),
      };
    }
    case "postgres": {
      const handle = await (db.handle as Pool).connect();
      const types = { getTypeParser: () => (value: string) => value } as never;
      return {
        handle,
        run: async (sql) => void (await handle.query(sql)),
        rows: async (text) => (await handle.query({ text, types })).rows,
        end: async () => handle.release(true),
      };
    }
  }
}

function sqliteSession(handle: DatabaseSync): Session {
  return {
    handle,
    run: async (sql) => handle.exec(sql),
    rows: async (query) => {
      const statement = handle.prepare(query);
      statement.setReadBigInts(true);
      return statement
        .all()
        .map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, sqliteText(v)])));
    },
    end: async () => handle.close(),
  };
}
