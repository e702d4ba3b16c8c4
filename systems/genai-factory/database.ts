import type { PGlite } from "@electric-sql/pglite";
import { LoadStrategy } from "@mikro-orm/core";
import { PgliteDriver } from "@mikro-orm/pglite";
import { PostgreSqlDriver } from "@mikro-orm/postgresql";
import { type SqlEntityManager, SqlMikroORM } from "@mikro-orm/sql";
import { entities } from "./schema.ts";

/** Rows are loaded before their labels, which find them by name. */
const OPTIONS = { entities, loadStrategy: LoadStrategy.SELECT_IN } as const;

export type Factory = SqlMikroORM;
/** What services work with: a fork for each piece of work. */
export type Em = SqlEntityManager;

/**
 * MikroORM on a database that has the tables, or will get them from `factory.schema.create()`. It connects with its
 * first query.
 *
 * @param where `postgres://…`, `pglite:folder`, `pglite:` for one in memory, or a PGlite that stays the caller's
 */
export function connect(where: string | PGlite): Factory {
  if (typeof where !== "string") return onPglite({ driverOptions: { pglite: where } });
  const [, folder] = /^pglite:(.*)$/.exec(where) ?? [];
  if (folder !== undefined) return onPglite({ dbName: folder === "" ? "memory://" : folder });
  return new SqlMikroORM({ driver: PostgreSqlDriver, clientUrl: where, ...OPTIONS });
}

const onPglite = (options: { readonly dbName?: string; readonly driverOptions?: object }): Factory =>
  new SqlMikroORM({ driver: PgliteDriver, dbName: "genai", ...options, ...OPTIONS });
