import type { Row } from "../engine.ts";
import type { Statement, Value } from "../sql.ts";

export interface PgResult {
  /** Every value as the text that the server sent. */
  readonly rows: readonly Row[];
  /** Rows that the statement inserted, updated or deleted itself; 0 for a select. */
  readonly changed: number;
}

/** One session inside a transaction. Statements go one after another, by the extended protocol. */
export interface PgSession {
  /** Runs exactly one statement: several in one text are refused by the server. @throws OnDeleteError */
  query(statement: Statement): Promise<PgResult>;
  /** Whether the transaction is the caller's, this part of it being a savepoint. */
  readonly joined: boolean;
  /** Asks the server to end what runs now in the session of that backend; null where no second connection is at hand. */
  readonly cancel: ((backend: string) => void) | null;
}

/** What the engine needs of a driver; {@link fromPool}, {@link fromClient} and {@link fromPglite} make one. */
export interface PgDriver {
  /**
   * Runs work in a transaction of its own, or in a savepoint of the caller's open one. With `keep` it is committed
   * when the work returns; without it, and when the work throws, everything is taken back.
   */
  transact<T>(keep: boolean, work: (session: PgSession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** How one statement is sent, whatever brackets it. */
export type Send = (statement: Statement) => Promise<PgResult>;

const send = (query: Send, text: string) => query({ text, values: [] });

/** Begins and ends a transaction of ours around work. `broken` is called where it could not even be rolled back. */
export async function ownTransaction<T>(
  session: PgSession,
  options: { readonly keep: boolean; readonly broken: () => void },
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  try {
    await send(session.query, "begin");
    const result = await work(session);
    await send(session.query, options.keep ? "commit" : "rollback");
    return result;
  } catch (error) {
    await send(session.query, "rollback").catch(options.broken);
    throw error;
  }
}

/** Runs work in a savepoint of the caller's transaction, which is already open. */
export async function joinedTransaction<T>(
  session: PgSession,
  keep: boolean,
  work: (session: PgSession) => Promise<T>,
): Promise<T> {
  const takeBack = async () => {
    await send(session.query, "rollback to savepoint ondelete");
    await send(session.query, "release savepoint ondelete");
  };
  let result: T;
  try {
    result = await work(session);
  } catch (error) {
    await takeBack().catch(() => {}); // a lost connection has rolled back by itself; its first error says more
    throw error;
  }
  await (keep ? send(session.query, "release savepoint ondelete") : takeBack());
  return result;
}

/** Sets the savepoint of {@link joinedTransaction}; false where no transaction is open. */
export async function joins(query: Send): Promise<boolean> {
  try {
    await send(query, "savepoint ondelete");
    return true;
  } catch (error) {
    // 25P01: SAVEPOINT can only be used in transaction blocks.
    if ((error as { details?: { engineCode?: string } }).details?.engineCode === "25P01") return false;
    throw error;
  }
}

/** A driver whose transactions are savepoints of one session's transaction. */
export const within = (session: PgSession): PgDriver => ({
  transact: async (keep, work) => {
    await joins(session.query);
    return joinedTransaction({ ...session, joined: true }, keep, work);
  },
  close: async () => {},
});

/** A parameter in the text form that the server reads for every type. */
export function parameterText(value: Value): string | null {
  if (value === null) return null;
  return value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(value);
}
