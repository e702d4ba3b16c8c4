import { PGlite } from "@electric-sql/pglite";
import { createPool, type Pool, type PoolConnection } from "mysql2";
import pg from "pg";
import type { PoolSettings } from "./settings.ts";

export type MariadbPool = Pool;
export type Handle = PGlite | pg.Pool | MariadbPool;

/** How long a connection beyond those that are kept may do nothing: what mysql2 takes, which looks every second. */
const IDLE_MS = 1000;

/** @param where `postgres://…`, `mysql://…`, `pglite:folder`, or `pglite:` for one in memory */
export function openedPool(where: string, settings: PoolSettings): Handle {
  const [, folder] = /^pglite:(.*)$/.exec(where) ?? [];
  if (folder !== undefined) return new PGlite(folder === "" ? "memory://" : folder);
  if (/^(mysql|mariadb):/.test(where)) return mariadbPool(where.replace(/^mariadb:/, "mysql:"), settings);
  return postgresPool(where, settings);
}

function postgresPool(connectionString: string, { idle, open, lifetimeSeconds }: PoolSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: open,
    min: idle,
    idleTimeoutMillis: IDLE_MS,
    maxLifetimeSeconds: lifetimeSeconds,
  });
  // The server ended a connection that did nothing: the pool has left it out already.
  pool.on("error", () => {});
  return pool;
}

function mariadbPool(uri: string, { idle, open, lifetimeSeconds }: PoolSettings): MariadbPool {
  const pool = createPool({
    uri,
    connectionLimit: open,
    maxIdle: idle,
    // Of the connections that are kept none is too idle.
    idleTimeout: Number.POSITIVE_INFINITY,
    charset: "utf8mb4",
    timezone: "Z",
  });
  pool.on("connection", (connection) => connection.query("set time_zone = '+00:00'"));
  if (lifetimeSeconds > 0) limitLifetime(pool, lifetimeSeconds * 1000);
  return pool;
}

/**
 * What mysql2 has no setting for: a connection that is too old is closed, at once where it is free, else when it comes
 * back. Under load it comes back by `release` alone, without the event of that name.
 */
function limitLifetime(pool: MariadbPool, lifetimeMs: number): void {
  const free = new WeakSet<PoolConnection>();
  pool.on("release", (connection) => free.add(connection));
  pool.on("acquire", (connection) => free.delete(connection));
  pool.on("connection", (connection) => {
    const expiry = setTimeout(() => {
      connection.release = () => connection.destroy();
      if (free.has(connection)) connection.destroy();
    }, lifetimeMs);
    expiry.unref();
    connection.once("end", () => clearTimeout(expiry));
  });
}

/** What a pool does at the moment. */
export interface PoolState {
  /** Connections, busy ones included. */
  readonly open: number;
  readonly idle: number;
  /** Queries and transactions that wait for a connection. */
  readonly waiting: number;
}

/** mysql2 tells of its connections nowhere else. */
interface MariadbQueues {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
  readonly _connectionQueue: { readonly length: number };
}

export function poolState(handle: Handle): PoolState {
  if (handle instanceof PGlite) return { open: 1, idle: 1, waiting: 0 };
  if (handle instanceof pg.Pool)
    return { open: handle.totalCount, idle: handle.idleCount, waiting: handle.waitingCount };
  const queues = handle as unknown as MariadbQueues;
  return {
    open: queues._allConnections.length,
    idle: queues._freeConnections.length,
    waiting: queues._connectionQueue.length,
  };
}

export async function closed(handle: Handle): Promise<void> {
  if (handle instanceof PGlite) await handle.close();
  else if (handle instanceof pg.Pool) await handle.end();
  else
    await new Promise<void>((resolve, reject) => handle.end((error) => (error ? reject(error) : resolve())));
}
