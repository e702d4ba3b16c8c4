import { oneAfterAnother } from "../../std/one-after-another.ts";
import type { Row } from "../engine.ts";
import type { Statement } from "../sql.ts";
import {
  joinedTransaction,
  joins,
  ownTransaction,
  type PgDriver,
  type PgResult,
  type PgSession,
  parameterText,
  type Send,
} from "./driver.ts";
import { translate } from "./errors.ts";

/** What is used of a pg Client or PoolClient. */
export interface PgClientLike {
  query(config: PgQuery): Promise<{ rows: unknown[]; rowCount: number | null; command: string }>;
  /** pg 8.18 and newer: `I` outside a transaction. */
  getTransactionStatus?(): string | null;
}

interface PgQuery {
  readonly text: string;
  readonly values: (string | null)[];
  readonly types: { getTypeParser(...args: unknown[]): (value: string) => string };
  /** pg sends a statement without parameters by the simple protocol otherwise, which takes several at once. */
  readonly queryMode: "extended";
}

export interface PgPoolClientLike extends PgClientLike {
  release(destroy?: boolean): void;
  on(event: "error", listener: () => void): unknown;
  off(event: "error", listener: () => void): unknown;
}

/** What is used of a pg Pool. */
export interface PgPoolLike {
  connect(): Promise<PgPoolClientLike>;
  end(): Promise<void>;
}

interface PgliteOptions {
  readonly parsers: Record<number, (value: string) => string>;
  readonly serializers: Record<number, (value: string) => string>;
}

/** What is used of the transaction that PGlite hands out. */
export interface PgliteTransactionLike {
  query(
    text: string,
    values?: (string | null)[],
    options?: PgliteOptions,
  ): Promise<{ rows: unknown[]; affectedRows?: number }>;
  rollback(): Promise<void>;
}

/** What is used of a PGlite. */
export interface PgliteLike extends Pick<PgliteTransactionLike, "query"> {
  transaction<T>(work: (tx: PgliteTransactionLike) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const asText = (value: string): string => value;
const textTypes = { getTypeParser: () => asText };
const ignore = () => {};
const CHANGES = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

function pgSend(client: PgClientLike): Send {
  return async ({ text, values }) => {
    try {
      const result = await client.query({
        text,
        values: values.map(parameterText),
        types: textTypes,
        queryMode: "extended",
      });
      const changed = CHANGES.has(result.command) ? (result.rowCount ?? 0) : 0;
      return { rows: result.rows as Row[], changed };
    } catch (error) {
      throw translate(error);
    }
  };
}

/** A pg Pool, ours (`owned`: closing the engine ends it) or the caller's. Every transaction gets a client of its own. */
export function fromPool(pool: PgPoolLike, options: { readonly owned: boolean }): PgDriver {
  return {
    transact: async (keep, work) => {
      const client = await connected(pool);
      let broken = false;
      const session = cancellable(pgSend(client), pool);
      client.on("error", ignore); // without a listener a lost connection would end the process
      try {
        const onBroken = () => {
          broken = true;
        };
        return await ownTransaction(session, { keep, broken: onBroken }, work);
      } finally {
        client.off("error", ignore);
        client.release(broken);
      }
    },
    close: async () => {
      if (options.owned) await pool.end();
    },
  };
}

async function connected(pool: PgPoolLike): Promise<PgPoolClientLike> {
  try {
    return await pool.connect();
  } catch (error) {
    throw translate(error);
  }
}

/** A session whose running statement a second client of the pool can end. */
function cancellable(send: Send, pool: PgPoolLike): PgSession {
  let running = false;
  let cancelling: Promise<unknown> = Promise.resolve();
  const cancel = async (backend: string) => {
    const other = await pool.connect();
    // A pool of one gives its client only when the statement is over: then there is nothing to end any more.
    if (running) {
      cancelling = pgSend(other)({ text: "select pg_cancel_backend($1::integer)", values: [backend] });
      await cancelling.catch(ignore);
    }
    other.release();
  };
  const query = async (statement: Statement): Promise<PgResult> => {
    running = true;
    try {
      return await send(statement);
    } finally {
      running = false;
      await cancelling.catch(ignore); // or it would hit the next statement
    }
  };
  return { query, joined: false, cancel: (backend) => void cancel(backend).catch(ignore) };
}

/**
 * A connected pg Client or PoolClient of the caller's, in or outside a transaction. Calls take turns; statements that
 * the caller sends meanwhile on the same client become part of the transaction.
 */
export function fromClient(client: PgClientLike): PgDriver {
  const turn = oneAfterAnother();
  const query = pgSend(client);
  return {
    transact: (keep, work) =>
      turn(async () => {
        if (await clientJoins(client, query)) {
          return joinedTransaction({ query, joined: true, cancel: null }, keep, work);
        }
        return ownTransaction({ query, joined: false, cancel: null }, { keep, broken: ignore }, work);
      }),
    close: async () => {},
  };
}

async function clientJoins(client: PgClientLike, query: Send): Promise<boolean> {
  if (!client.getTransactionStatus) return joins(query);
  // The status is that of the last answer, and a BEGIN of the caller's may still be on its way.
  await query({ text: "select", values: [] });
  return client.getTransactionStatus() === "I" ? false : joins(query);
}

/** A PGlite (closed with the engine where `owned`), or the transaction object that PGlite gave its caller. */
export function fromPglite(
  db: PgliteLike | PgliteTransactionLike,
  options: { readonly owned: boolean },
): PgDriver {
  const turn = oneAfterAnother();
  const textOptions = pgliteOptions(db);
  const sessionOn = async (on: Pick<PgliteTransactionLike, "query">, joined: boolean): Promise<PgSession> => {
    const query = pgliteSend(on, await textOptions());
    return { query, joined, cancel: null };
  };
  return {
    transact: (keep, work) =>
      turn(async () => {
        const outer = await sessionOn(db, true);
        if (await joins(outer.query)) return joinedTransaction(outer, keep, work);
        if (!("transaction" in db))
          throw new Error("bug in ondelete: a PGlite transaction without a transaction");
        return pgliteTransaction(db, keep, async (tx) => work(await sessionOn(tx, false)));
      }),
    close: async () => {
      if (options.owned && "close" in db) await db.close();
    },
  };
}

/** PGlite's own bracket, which keeps every other query of the process out. */
async function pgliteTransaction<T>(
  db: PgliteLike,
  keep: boolean,
  work: (tx: PgliteTransactionLike) => Promise<T>,
): Promise<T> {
  let worked = false;
  try {
    return await db.transaction(async (tx) => {
      const result = await work(tx);
      worked = true;
      if (!keep) await tx.rollback();
      return result;
    });
  } catch (error) {
    throw worked ? translate(error) : error;
  }
}

function pgliteSend(db: Pick<PgliteTransactionLike, "query">, options: PgliteOptions): Send {
  return async ({ text, values }) => {
    try {
      const result = await db.query(text, values.map(parameterText), options);
      return { rows: result.rows as Row[], changed: result.affectedRows ?? 0 };
    } catch (error) {
      throw translate(error);
    }
  };
}

/** PGlite copies parsers by their keys, so that every type needs one that leaves its text alone. */
function pgliteOptions(db: Pick<PgliteTransactionLike, "query">): () => Promise<PgliteOptions> {
  let made: Promise<PgliteOptions> | undefined;
  const make = async () => {
    const { rows } = await db.query("select oid::text as oid from pg_catalog.pg_type");
    const types = (rows as { oid: string }[]).map((row) => [row.oid, asText] as const);
    const serializers = new Proxy<Record<number, (value: string) => string>>({}, { get: () => asText });
    return { parsers: Object.fromEntries(types), serializers };
  };
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw translate(error);
    });
    return made;
  };
}
