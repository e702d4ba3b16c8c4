import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { drizzle, type SqliteRemoteDatabase } from "drizzle-orm/sqlite-proxy";
import * as schema from "./schema.ts";

export type Drizzle = SqliteRemoteDatabase<typeof schema>;

/** Which of the two states a database has: with constraints, or as the document found it. */
export type State = "after" | "before";

const SCHEMAS: Readonly<Record<State, string>> = {
  after: join(import.meta.dirname, "schema.sql"),
  before: join(import.meta.dirname, "before/schema.sql"),
};

/** Constraints hold on connections that ask for them, so every connection is made here. */
export function connect(file: string, state: State = "after"): DatabaseSync {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: state === "after" });
  database.exec("pragma journal_mode = wal; pragma busy_timeout = 5000;");
  return database;
}

export function create(file: string, state: State = "after"): DatabaseSync {
  const database = connect(file, state);
  database.exec(readFileSync(SCHEMAS[state], "utf8"));
  return database;
}

/** Drizzle on the driver that Node brings. */
export const drizzleOn = (database: DatabaseSync): Drizzle =>
  drizzle(
    async (text, parameters, method) => {
      const statement = database.prepare(text);
      statement.setReturnArrays(true);
      const values = parameters as SQLInputValue[];
      if (method === "run") return { rows: [statement.run(...values)] };
      const rows = statement.all(...values) as unknown as unknown[][];
      return { rows: method === "get" ? ((rows[0] ?? undefined) as unknown[]) : rows };
    },
    { schema },
  );
