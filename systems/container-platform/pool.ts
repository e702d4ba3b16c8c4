import { PGlite } from "@electric-sql/pglite";
import { createPool, type Pool, type PoolConnection } from "mysql2";
import pg from "pg";
import type { PoolSettings } from "./settings.ts";

export type MariadbPool = Pool;
export type Handle = PGlite | pg.Pool | MariadbPool;

/** How long a connection beyond those that are kept may do nothing. */
const IDLE_MS = 10_000;

/** @param where `postgres://…`, `mysql://…`, `pglite:folder`, or `pglite:` for one in memory */
export function openedPool(where: string, { idle, open, lifetimeSeconds }: PoolSettings): Handle {
  const [, folder] = /^pglite:(.*)$/.exec(where) ?? [];
  if (folder !== undefined) return new PGlite(folder === "" ? "memory://" : folder);
  if (/^(mysql|mariadb):/.test(where))
    return mariadbPool(where.replace(/^mariadb:/, "mysql:"), { idle, open, lifetimeSeconds });
  return new pg.Pool({
    connectionString: where,
    max: open,
    min: idle,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: lifetimeSeconds,
  });
}

function mariadbPool(uri: string, { idle, open, lifetimeSeconds }: PoolSettings): MariadbPool {
  const pool = createPool({
    uri,
    connectionLimit: open,
    maxIdle: idle,
    idleTimeout: IDLE_MS,
    charset: "utf8mb4",
    timezone: "Z",
  });
  const since = new WeakMap<PoolConnection, number>();
  pool.on("connection", (connection) => {
    since.set(connection, performance.now());
    connection.query("set time_zone = '+00:00'");
  });
  // mysql2 has no such setting: a connection that is too old does not go back among the free ones.
  pool.on("release", (connection) => {
    if (performance.now() - (since.get(connection) ?? 0) > lifetimeSeconds * 1000) connection.destroy();
  });
  return pool;
}

export async function closed(handle: Handle): Promise<void> {
  if (handle instanceof PGlite) await handle.close();
  else if (handle instanceof pg.Pool) await handle.end();
  else
    await new Promise<void>((resolve, reject) => handle.end((error) => (error ? reject(error) : resolve())));
}
