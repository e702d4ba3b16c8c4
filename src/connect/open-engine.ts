import { existsSync } from "node:fs";
import type { Engine } from "../dialect/engine.ts";
import type { KyselyLike } from "../dialect/kysely-like.ts";
import {
  fromConnection,
  fromPool as fromMyPool,
  type MyConnectionLike,
  type MyPoolLike,
} from "../dialect/mysql/connection.ts";
import { mysqlEngine } from "../dialect/mysql/engine.ts";
import { fromKysely as fromMyKysely } from "../dialect/mysql/kysely.ts";
import {
  fromClient,
  fromPglite,
  fromPool,
  type PgClientLike,
  type PgliteLike,
  type PgliteTransactionLike,
  type PgPoolLike,
} from "../dialect/postgres/connection.ts";
import { postgresEngine } from "../dialect/postgres/engine.ts";
import { fromKysely } from "../dialect/postgres/kysely.ts";
import { type SqliteHandle, sqliteEngine } from "../dialect/sqlite/engine.ts";
import { OnDeleteError } from "../error.ts";
import { type Address, readAddress } from "./address.ts";
import { handleBelow, has } from "./orm-handle.ts";
import { type PrismaLike, prismaAsKysely } from "./prisma-handle.ts";

/** How long a read of SQLite waits for a commit of another process. */
const BUSY_MS = 5_000;

/**
 * Opens an engine on a database address or on a live handle of the application's: a pg Pool, Client or PoolClient, a
 * mysql2 pool or connection, a
 * `node:sqlite` DatabaseSync, a PGlite or a PGlite transaction. A handle stays the application's: closing the engine
 * leaves it open, and a transaction that is open on it is joined.
 *
 * @throws `usage`, `unsupported`, `unreachable`
 */
export async function openEngine(source: string | object): Promise<Engine> {
  return typeof source === "string" ? openAddress(readAddress(source)) : openHandle(source);
}

function openAddress(address: Address): Promise<Engine> {
  switch (address.kind) {
    case "postgres":
      return openPostgres(address.url);
    case "mysql":
      return openMysql(address.url);
    case "sqlite":
      return openSqlite(address.file);
    case "pglite":
      return openPglite(address.folder);
  }
}

async function openPostgres(url: string): Promise<Engine> {
  const { default: pg } = await driver(() => import("pg"), "pg");
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 10_000,
    application_name: "ondelete",
  });
  // A connection that is lost while it lies idle in the pool is replaced at its next use.
  pool.on("error", () => {});
  return closeOnFailure(pool, postgresEngine(fromPool(pool, { owned: true }), { variant: "postgres" }));
}

async function openMysql(uri: string): Promise<Engine> {
  const { createPool } = await driver(() => import("mysql2/promise"), "mysql2");
  const pool = createPool({ uri, connectionLimit: 4, connectTimeout: 10_000, charset: "utf8mb4" });
  return closeOnFailure(pool, mysqlEngine(fromMyPool(pool as object as MyPoolLike, { owned: true })));
}

async function openSqlite(file: string): Promise<Engine> {
  // Opening would make an empty database of a mistyped name.
  if (file !== ":memory:" && !existsSync(file)) {
    throw new OnDeleteError("unreachable", `There is no SQLite database at ${file}.`, {
      hint: "Check the path; it is relative to the working directory.",
    });
  }
  const { DatabaseSync } = await import("node:sqlite");
  const database = opened(file, () => new DatabaseSync(file, { timeout: BUSY_MS }));
  return sqliteEngine(database, { owned: true });
}

async function openPglite(folder: string | null): Promise<Engine> {
  if (folder !== null && !existsSync(folder)) {
    throw new OnDeleteError("unreachable", `There is no PGlite database at ${folder}.`, {
      hint: "Check the path; it is relative to the working directory.",
    });
  }
  const { PGlite } = await driver(() => import("@electric-sql/pglite"), "@electric-sql/pglite");
  const database = folder === null ? new PGlite() : new PGlite(folder);
  return postgresEngine(fromPglite(database, { owned: true }), { variant: "pglite" });
}

async function openHandle(handle: object): Promise<Engine> {
  if (has(handle, "getExecutor", "executeQuery", "withoutPlugins")) return openKysely(handle as Kysely);
  if (has(handle, "$queryRawUnsafe", "$executeRawUnsafe")) return openPrisma(handle as PrismaLike);
  const below = await handleBelow(handle);
  if (below) return openHandle(below);
  if (has(handle, "prepare", "exec") && "isTransaction" in handle)
    return sqliteEngine(handle as SqliteHandle);
  if (has(handle, "dumpDataDir", "transaction"))
    return postgresEngine(fromPglite(handle as PgliteLike, { owned: false }), { variant: "pglite" });
  if (has(handle, "query", "exec", "rollback"))
    return postgresEngine(fromPglite(handle as PgliteTransactionLike, { owned: false }), {
      variant: "pglite",
    });
  if (has(handle, "connect", "query") && "idleCount" in handle)
    return postgresEngine(fromPool(handle as object as PgPoolLike, { owned: false }), {
      variant: "postgres",
    });
  if (has(handle, "execute", "query", "promise")) return openHandle(inPromises(handle));
  if (has(handle, "execute", "getConnection"))
    return mysqlEngine(fromMyPool(handle as object as MyPoolLike, { owned: false }));
  if (has(handle, "execute", "unprepare")) return mysqlEngine(fromConnection(handle as MyConnectionLike));
  if (has(handle, "query", "escapeIdentifier"))
    return postgresEngine(fromClient(handle as PgClientLike), { variant: "postgres" });
  throw new OnDeleteError("usage", "This is no database handle that ondelete knows.", {
    hint: "Give a URL, a pg Pool or Client, a mysql2 pool or connection, a node:sqlite DatabaseSync, a PGlite, a Kysely, a Drizzle database, a TypeORM DataSource, a MikroORM, or a Prisma client.",
  });
}

interface Kysely extends KyselyLike {
  getExecutor(): { readonly adapter: object };
}

/** A Kysely names its database only by the class of its dialect's adapter. */
function openKysely(db: Kysely): Promise<Engine> {
  const { name } = db.getExecutor().adapter.constructor;
  if (/postgres/i.test(name)) return postgresEngine(fromKysely(db), { variant: "postgres" });
  if (/mysql/i.test(name)) return mysqlEngine(fromMyKysely(db));
  // Outside of a transaction anything else that the process sends would get between a BEGIN and its COMMIT.
  if (/pglite/i.test(name) && db.isTransaction) return postgresEngine(fromKysely(db), { variant: "pglite" });
  throw new OnDeleteError("unsupported", `ondelete cannot use a Kysely whose dialect is ${name}.`, {
    hint: /sqlite/i.test(name)
      ? "Open the SQLite handle that the dialect was given: work on it joins Kysely's transaction."
      : "Open what the dialect was given: a pool, a connection, or a PGlite.",
  });
}

/** The first major version of Prisma whose adapters read every type that catalogs have. */
const PRISMA_MAJOR = 7;

function openPrisma(prisma: PrismaLike): Promise<Engine> {
  const version = prisma._clientVersion ?? "";
  if (Number.parseInt(version, 10) < PRISMA_MAJOR)
    throw new OnDeleteError("unsupported", `ondelete cannot use a client of Prisma ${version}.`, {
      hint: `Its adapters cannot read what ondelete asks of the catalogs. Take Prisma ${PRISMA_MAJOR}, or open the database by its address.`,
    });
  const db = prismaAsKysely(prisma);
  const provider = prisma._activeProvider ?? "unknown";
  if (provider === "postgresql") return postgresEngine(fromKysely(db), { variant: "postgres" });
  if (provider === "mysql") return mysqlEngine(fromMyKysely(db));
  throw new OnDeleteError(
    "unsupported",
    `ondelete cannot use a Prisma client whose provider is ${provider}.`,
    {
      hint: "Open the database by its address, or on the handle of its driver.",
    },
  );
}

/** mysql2 has each handle in two forms: with callbacks, and with promises around it. */
const inPromises = (handle: object): object => (handle as { promise(): object }).promise();

function opened<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new OnDeleteError(
      "unreachable",
      `The SQLite database ${file} cannot be opened: ${(cause as Error).message}.`,
      { cause },
    );
  }
}

async function driver<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new OnDeleteError(
      "unsupported",
      `The package ${name} is needed for this database and is not installed.`,
      { hint: `npm install ${name}`, cause },
    );
  }
}

async function closeOnFailure(pool: { end(): Promise<void> }, engine: Promise<Engine>): Promise<Engine> {
  try {
    return await engine;
  } catch (error) {
    await pool.end();
    throw error;
  }
}
