import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { threadId } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { createConnection, createPool, type Pool as MyPool } from "mysql2/promise";
import pg from "pg";

export type TextRow = Record<string, string | null>;

/** A throw-away database of one test. */
export interface TestDatabase {
  readonly handle: DatabaseSync | pg.Pool | PGlite | MyPool;
  /** How to connect to it; empty for PGlite in memory, which only its handle reaches. */
  readonly url: string;
  /** Runs a script, or each script of a list on its own. */
  exec(script: string | readonly string[]): Promise<void>;
  /** All values as text. */
  rows(query: string): Promise<TextRow[]>;
  drop(): Promise<void>;
}

export interface Variant {
  readonly name: string;
  readonly engine: "sqlite" | "pglite" | "postgres" | "mariadb";
  /** Why it cannot run here, null where it can. */
  readonly skip: string | null;
  /** An empty database. A PGlite is shared within a test file: creating one empties the one before. */
  create(): Promise<TestDatabase>;
}

const MARIADB_URL = process.env.MARIADB_URL ?? "mysql://root@127.0.0.1:3306/";
const PGURL = process.env.PGURL ?? "postgres://postgres@127.0.0.1:5432/postgres";

const listOf = (script: string | readonly string[]) => (typeof script === "string" ? [script] : script);

async function createSqlite(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "ondelete-test-"));
  const file = join(folder, "test.sqlite");
  const handle = new DatabaseSync(file);
  handle.exec("pragma journal_mode = wal; pragma foreign_keys = on; pragma synchronous = off;");
  return {
    handle,
    url: `sqlite:${file}`,
    exec: async (script) => {
      for (const text of listOf(script)) handle.exec(text);
    },
    rows: async (query) => {
      const statement = handle.prepare(query);
      statement.setReadBigInts(true);
      return statement.all().map((row) => {
        const entries = Object.entries(row as Record<string, unknown>);
        return Object.fromEntries(entries.map(([name, value]) => [name, sqliteText(value)]));
      });
    },
    drop: async () => {
      if (handle.isOpen) handle.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function sqliteText(value: unknown): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(value);
}

let created = 0;

async function createPostgres(): Promise<TestDatabase> {
  created += 1;
  const name = `ondelete_test_${process.pid}_${threadId}_${created}`;
  await admin(`create database ${name}`);
  const url = new URL(PGURL);
  url.pathname = `/${name}`;
  const handle = new pg.Pool({ connectionString: url.href, max: 6 });
  handle.on("error", () => {}); // the force of the drop ends idle connections
  return {
    handle,
    url: url.href,
    exec: async (script) => {
      for (const text of listOf(script)) await handle.query(text);
    },
    rows: async (query) => {
      const types = { getTypeParser: () => (value: string) => value };
      return (await handle.query({ text: query, types: types as never })).rows;
    },
    drop: async () => {
      if (!handle.ended) await handle.end();
      await admin(`drop database if exists ${name} with (force)`);
    },
  };
}

async function admin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: PGURL });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

let shared: Promise<PGlite> | undefined;

/** A PGlite takes 700 MB and 1.4 s, so one serves a whole test file. */
async function createPglite(): Promise<TestDatabase> {
  if ((await shared)?.closed) shared = undefined;
  shared ??= PGlite.create();
  const handle = await shared;
  await emptyPglite(handle);
  return {
    handle,
    url: "",
    exec: async (script) => {
      for (const text of listOf(script)) await handle.exec(text);
    },
    rows: async (query) => {
      const { fields } = await handle.describeQuery(query).then((d) => ({ fields: d.resultFields }));
      const parsers = Object.fromEntries(fields.map((f) => [f.dataTypeID, (value: string) => value]));
      return (await handle.query<TextRow>(query, [], { parsers })).rows;
    },
    drop: () => emptyPglite(handle),
  };
}

async function emptyPglite(handle: PGlite): Promise<void> {
  await handle.exec("rollback");
  await handle.exec("discard all"); // settings, role and temporary tables of the one session
  const { rows } = await handle.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  );
  for (const { name } of rows) await handle.exec(`drop schema ${name} cascade`);
  const published = await handle.query<{ name: string }>(
    "select quote_ident(pubname) as name from pg_publication",
  );
  for (const { name } of published.rows) await handle.exec(`drop publication ${name}`);
  await handle.exec("create schema public");
}

/** Sessions take names in double quotes, so that the same SQL serves for every engine. */
const QUOTES = "set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')";

async function createMariadb(): Promise<TestDatabase> {
  created += 1;
  const name = `ondelete_test_${process.pid}_${threadId}_${created}`;
  await mariadbAdmin(`create database ${name} character set utf8mb4`);
  const url = new URL(MARIADB_URL);
  url.pathname = `/${name}`;
  const handle = createPool({
    uri: url.href,
    connectionLimit: 6,
    multipleStatements: true,
    charset: "utf8mb4",
  });
  handle.pool.on("connection", (connection) => connection.query(QUOTES));
  let open = true;
  return {
    handle,
    url: url.href,
    exec: async (script) => {
      for (const text of listOf(script)) await handle.query(text);
    },
    rows: (query) => mariadbRows(handle, query),
    drop: async () => {
      if (open) await handle.end();
      open = false;
      await mariadbAdmin(`drop database if exists ${name}`);
    },
  };
}

/** The rows of a query, all values as the text that the server sent; bytes in hexadecimal. */
export async function mariadbRows(handle: Pick<MyPool, "query">, query: string): Promise<TextRow[]> {
  const typeCast = (field: { type: string; length: number; buffer(): Buffer | null }) => {
    const value = field.buffer();
    if (value === null) return null;
    const text = value.toString("utf8");
    return Buffer.from(text, "utf8").equals(value) ? text : `\\x${value.toString("hex")}`;
  };
  const [rows] = await handle.query({ sql: query, typeCast });
  return rows as TextRow[];
}

async function mariadbAdmin(statement: string): Promise<void> {
  const connection = await createConnection({ uri: MARIADB_URL });
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}

async function mariadbSkip(): Promise<string | null> {
  try {
    await mariadbAdmin("select 1");
    return null;
  } catch (error) {
    const reason = `no MariaDB server at ${new URL(MARIADB_URL).host}: ${(error as Error).message}`;
    if (process.env.ONDELETE_TEST_ALL === "1") throw new Error(reason, { cause: error });
    return reason;
  }
}

async function postgresSkip(): Promise<string | null> {
  try {
    await admin("select 1");
    return null;
  } catch (error) {
    const reason = `no PostgreSQL server at ${new URL(PGURL).host}: ${(error as Error).message}`;
    if (process.env.ONDELETE_TEST_ALL === "1") throw new Error(reason, { cause: error });
    return reason;
  }
}

/** Every engine variant that tests run on; one that cannot run here says why. */
export const variants: readonly Variant[] = [
  { name: "sqlite", engine: "sqlite", skip: null, create: createSqlite },
  { name: "pglite", engine: "pglite", skip: null, create: createPglite },
  { name: "postgres", engine: "postgres", skip: await postgresSkip(), create: createPostgres },
  { name: "mariadb", engine: "mariadb", skip: await mariadbSkip(), create: createMariadb },
];
