import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, type LogEvent, MysqlDialect, PGliteDialect, PostgresDialect } from "kysely";
import type { Config, Database } from "ondelete";
import { type OnDeleteKysely, ondelete } from "ondelete/kysely";
import pg from "pg";
import { refusing } from "./errors.ts";
import config from "./ondelete.config.ts";
import type { Handle, MariadbPool } from "./pool.ts";
import type { Schema } from "./schema.ts";

interface Queries {
  readonly engine: "postgres" | "mariadb";
  /** Sees every row. */
  readonly unscoped: Kysely<Schema>;
}

/** One transaction. */
export interface Session extends Queries {
  /** Deletes and restores in this transaction. */
  softly(): Promise<OnDeleteKysely<Schema>>;
}

/** What services work with. */
export interface Platform extends Queries {
  /** Sees no row that was deleted softly. */
  readonly live: Kysely<Schema>;
  readonly softly: OnDeleteKysely<Schema>;
  readonly ondelete: Database;
  /**
   * All of the work, or nothing of it. Each statement sees what was committed before it.
   * @throws PlatformError in place of what the database says
   */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

const SCHEMA = join(import.meta.dirname, "schema");

const isMariadb = (handle: Handle): handle is MariadbPool =>
  !(handle instanceof PGlite || handle instanceof pg.Pool);

/** Runs a script, one statement after the other. */
export async function runScript(handle: Handle, script: string): Promise<void> {
  const kysely = kyselyOn(handle);
  for (const statement of script.split(/;\s*\n/)) {
    const text = statement.replace(/^\s*--.*\n/gm, "").trim();
    if (text !== "") await kysely.executeQuery({ sql: text, parameters: [] } as never);
  }
}

/** Makes the tables in an empty database, what an installation begins with, and ondelete's own tables. */
export async function create(handle: Handle): Promise<void> {
  const read = (name: string) => readFileSync(join(SCHEMA, name), "utf8");
  await runScript(handle, read(isMariadb(handle) ? "mariadb.sql" : "postgres.sql"));
  const initial = read("initial.sql");
  await runScript(handle, isMariadb(handle) ? initial.replaceAll("into groups", "into `groups`") : initial);
  await (await connect(handle)).ondelete.makeJournal();
}

type Log = (event: LogEvent) => void;

const kyselyOn = (handle: Handle, log: Log = () => {}): Kysely<Schema> => {
  if (handle instanceof PGlite) return new Kysely({ dialect: new PGliteDialect({ pglite: handle }), log });
  if (handle instanceof pg.Pool) return new Kysely({ dialect: new PostgresDialect({ pool: handle }), log });
  return new Kysely({ dialect: new MysqlDialect({ pool: handle }), log });
};

/**
 * The platform on a database that has the tables.
 * @param log is told of each query, those of deletes included where the database is a server
 */
export async function connect(
  handle: Handle,
  log: Log = () => {},
  settings: Config = config,
): Promise<Platform> {
  const { url: _url, ...policy } = settings;
  const kysely = kyselyOn(handle, log);
  const engine = isMariadb(handle) ? "mariadb" : "postgres";
  const embedded = handle instanceof PGlite;
  const softly = await ondelete(kysely, { ...policy, ...(embedded && { handle }) });
  return {
    engine,
    live: softly.live,
    unscoped: kysely,
    softly,
    ondelete: softly.database,
    // Kysely's queries on a PGlite all join the transaction of their Kysely, so that each transaction has its own.
    transaction: (work) =>
      refusing(
        (embedded ? kyselyOn(handle, log) : kysely)
          .transaction()
          .setIsolationLevel("read committed")
          .execute((trx) =>
            work({
              engine,
              unscoped: trx,
              softly: () => (embedded ? ondelete<Schema>(trx, policy) : softly.in(trx)),
            }),
          ),
      ),
  };
}
