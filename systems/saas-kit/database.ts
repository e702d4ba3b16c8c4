import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { CamelCasePlugin, Kysely, type LogEvent, PGliteDialect, PostgresDialect } from "kysely";
import { type Database, open, type Target } from "ondelete";
import { type OnDeleteKysely, ondelete } from "ondelete/kysely";
import pg from "pg";
import config, { controlled } from "./ondelete.config.ts";
import type { Schema } from "./schema.ts";

export type Handle = PGlite | pg.Pool;

/** What services work with. */
export interface Kit extends Pick<OnDeleteKysely<Schema>, "live" | "onlyDeleted"> {
  /** Sees all rows. */
  readonly kysely: Kysely<Schema>;
  /** Deletes under the constraints as they are. */
  readonly strict: Database;
  /** Deletes under the cascade that UserDeletionService has above them. */
  readonly controlled: Database;
  /** One transaction of controlled deletes: all of them, or none. */
  transaction<T>(work: (controlled: Database) => Promise<T>): Promise<T>;
}

/** @param where `postgres://…`, `pglite:folder`, or `pglite:` for one in memory */
export function handleOf(where: string): Handle {
  const [, folder] = /^pglite:(.*)$/.exec(where) ?? [];
  if (folder === undefined) return new pg.Pool({ connectionString: where });
  return new PGlite(folder === "" ? "memory://" : folder);
}

export const runScript = async (handle: Handle, sql: string): Promise<void> => {
  await (handle instanceof PGlite ? handle.exec(sql) : handle.query(sql));
};

/** Makes the tables in an empty database, and ondelete's own. */
export async function create(handle: Handle): Promise<void> {
  await runScript(handle, readFileSync(join(import.meta.dirname, "prisma/migration.sql"), "utf8"));
  // `deleteUser` joins a transaction, in which ondelete's tables cannot be made: a delete outside of one makes them.
  await runScript(handle, `insert into "user" (id, name, email) values ('nobody', 'Nobody', '')`);
  const nobody: Target = { table: "user", select: { kind: "columns", values: { id: "nobody" } } };
  await (await open(handle, config)).delete(nobody, { erase: true, reason: "makes ondelete's own tables" });
}

/**
 * The kit on a database that has the tables.
 * @param log is told of each query that Kysely sends
 */
export async function connect(handle: Handle, log: (event: LogEvent) => void = () => {}): Promise<Kit> {
  const kyselyOn = () =>
    new Kysely<Schema>({
      dialect:
        handle instanceof PGlite
          ? new PGliteDialect({ pglite: handle })
          : new PostgresDialect({ pool: handle }),
      plugins: [new CamelCasePlugin()],
      log,
    });
  const kysely = kyselyOn();
  const { live, onlyDeleted, database } = await ondelete(kysely, { ...config, handle });
  const above = await open(handle, controlled);
  return {
    kysely,
    live,
    onlyDeleted,
    strict: database,
    controlled: above,
    // Kysely's queries on a PGlite all join the transaction of their Kysely, so that each transaction has its own.
    transaction: (work) =>
      kyselyOn()
        .transaction()
        .execute(async (trx) => work(await open(trx, controlled))),
  };
}
