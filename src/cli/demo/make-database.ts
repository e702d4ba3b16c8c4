import type { DatabaseSync, StatementSync } from "node:sqlite";
import { rows } from "./rows.ts";
import { SCHEMA } from "./schema.ts";

/** Any number gives a database like it; this one is shown, so that everybody sees the same. */
const SEED = 11;

/**
 * Writes the demonstration database into a new SQLite file.
 *
 * @returns how many rows there are
 */
export async function makeDatabase(file: string, seed = SEED): Promise<number> {
  const database = await openSqlite(file);
  try {
    // Nothing is lost that could not be made again, so the disk need not be waited for.
    database.exec("pragma synchronous = off; pragma foreign_keys = on; begin;");
    database.exec(SCHEMA);
    const made = insertAll(database, seed);
    database.exec("commit;");
    return made;
  } finally {
    database.close();
  }
}

/** The driver is loaded only when it is needed; before Node 24 it warns that it is experimental. */
export async function openSqlite(
  file: string,
  options: { readonly readOnly?: boolean } = {},
): Promise<DatabaseSync> {
  const { DatabaseSync } = await import("node:sqlite");
  return new DatabaseSync(file, options);
}

function insertAll(database: DatabaseSync, seed: number): number {
  const statements = new Map<string, StatementSync>();
  let made = 0;
  for (const { table, values } of rows(seed)) {
    const insert = statements.get(table) ?? database.prepare(insertSql(table, Object.keys(values)));
    statements.set(table, insert);
    insert.run(...Object.values(values));
    made++;
  }
  return made;
}

const insertSql = (table: string, columns: readonly string[]) =>
  `insert into ${table} (${columns.join(", ")}) values (${columns.map(() => "?").join(", ")})`;
