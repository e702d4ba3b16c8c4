import { oneAfterAnother } from "../../std/one-after-another.ts";
import type { Row } from "../engine.ts";
import type { Statement } from "../sql.ts";
import { translate } from "./errors.ts";

/** What a statement came to. */
export interface MyResult {
  /** Every value as text. */
  readonly rows: readonly Row[];
  /** Rows that it inserted, deleted, or found to update. */
  readonly changed: number;
  readonly inTransaction: boolean;
}

/** One session: statements go through it one after the other. */
export interface MySession {
  query(statement: Statement): Promise<MyResult>;
  /**
   * Ends the statement that runs, as soon as a second connection is had; what it returns gives up waiting for one, and
   * is done when nothing can hit a later statement any more. Null where there is no second connection.
   */
  readonly kill: ((session: string) => () => Promise<void>) | null;
  /** Says that the session cannot be used any more. */
  readonly broken: () => void;
}

/** Where sessions come from; {@link fromPool} and {@link fromConnection} make one. */
export interface MyDriver {
  /** Lends a session, which no other work has meanwhile. */
  session<T>(work: (session: MySession) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Values as they are stored, whatever the application has set up; an integer too long for a number comes as text. */
const AS_STORED = {
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
  typeCast: true,
  rowsAsArray: false,
  nestTables: false,
  namedPlaceholders: false,
} as const;

interface MyOptions {
  readonly sql: string;
  readonly values?: (string | number | bigint | Uint8Array | null)[];
}

/** What is used of a mysql2 connection, in its form with promises. */
export interface MyConnectionLike {
  query(options: MyOptions): Promise<[unknown, unknown]>;
  execute(options: MyOptions): Promise<[unknown, unknown]>;
  unprepare(options: MyOptions): unknown;
}

export interface MyPoolConnectionLike extends MyConnectionLike {
  release(): void;
  destroy(): void;
}

/** What is used of a mysql2 pool, in its form with promises. */
export interface MyPoolLike {
  getConnection(): Promise<MyPoolConnectionLike>;
  end(): Promise<void>;
}

/** SERVER_STATUS_IN_TRANS. @see https://mariadb.com/kb/en/ok_packet/ */
const IN_TRANSACTION = 1;

interface Header {
  readonly affectedRows: number;
  readonly info: string;
  readonly serverStatus: number;
}

async function send(connection: MyConnectionLike, { text, values }: Statement): Promise<MyResult> {
  try {
    const [result] = await (values.length === 0
      ? connection.query({ sql: text, ...AS_STORED } as MyOptions)
      : prepared(connection, { sql: text, values: [...values], ...AS_STORED } as MyOptions));
    if (isRows(result)) return { rows: result.map(asText), changed: 0, inTransaction: false };
    const header = (Array.isArray(result) ? result.at(-1) : result) as Header;
    return {
      rows: [],
      changed: changedBy(header),
      inTransaction: (header.serverStatus & IN_TRANSACTION) !== 0,
    };
  } catch (error) {
    throw translate(error);
  }
}

/**
 * mysql2 keeps thousands of prepared statements, the server has a limit for all of its sessions together, and one that was
 * kept still means the database that it was prepared in. They are found again by all of their options.
 */
async function prepared(connection: MyConnectionLike, options: MyOptions): Promise<[unknown, unknown]> {
  try {
    return await connection.execute(options);
  } finally {
    connection.unprepare(options);
  }
}

const isRows = (result: unknown): result is Readonly<Record<string, unknown>>[] =>
  Array.isArray(result) && result.every((row) => !("affectedRows" in row));

/** An update counts rows that it leaves as they are too, which the application may have switched off. */
const changedBy = ({ affectedRows, info }: Header): number =>
  Number(/^Rows matched: (\d+)/.exec(info)?.[1] ?? affectedRows);

const asText = (row: Readonly<Record<string, unknown>>): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]));

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : String(value);
}

/** A pool, ours (`owned`: closing the engine ends it) or the caller's. Every piece of work gets a connection of its own. */
export function fromPool(pool: MyPoolLike, options: { readonly owned: boolean }): MyDriver {
  return {
    session: async (work) => {
      const connection = await connected(pool);
      let broken = false;
      const onBroken = () => {
        broken = true;
      };
      try {
        return await work({ query: (s) => send(connection, s), kill: killFrom(pool), broken: onBroken });
      } finally {
        if (broken) connection.destroy();
        else connection.release();
      }
    },
    close: async () => {
      if (options.owned) await pool.end();
    },
  };
}

function killFrom(pool: MyPoolLike): NonNullable<MySession["kill"]> {
  return (session) => {
    let over = false;
    let sent: Promise<unknown> = Promise.resolve();
    const withOther = (other: MyPoolConnectionLike) => {
      if (over) return other.release();
      sent = send(other, { text: `kill query ${Number(session)}`, values: [] })
        .catch(() => {}) // the statement has ended
        .finally(() => other.release());
    };
    pool.getConnection().then(withOther, () => {});
    return async () => {
      over = true;
      await sent;
    };
  };
}

async function connected(pool: MyPoolLike): Promise<MyPoolConnectionLike> {
  try {
    return await pool.getConnection();
  } catch (error) {
    throw translate(error);
  }
}

/** A connection of the caller's, in or outside a transaction. Pieces of work take turns. */
export function fromConnection(connection: MyConnectionLike): MyDriver {
  const turn = oneAfterAnother();
  const session: MySession = { query: (s) => send(connection, s), kill: null, broken: () => {} };
  return { session: (work) => turn(() => work(session)), close: async () => {} };
}
