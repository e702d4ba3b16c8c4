import { OnDeleteError } from "../../error.ts";
import type { Row, Transaction } from "../engine.ts";
import { isRefusal } from "../refused.ts";
import type { Sql, Statement, Value } from "../sql.ts";
import type { Syntax } from "../syntax.ts";
import { toOnDeleteError } from "./errors.ts";
import type { SqliteHandle, SqliteStatement } from "./handle.ts";
import { requireValues } from "./parameters.ts";

type Raw = Readonly<Record<string, unknown>>;

/** Statements on a handle; every failure comes out as an {@link OnDeleteError}. */
export class Connection {
  readonly #handle: SqliteHandle;

  constructor(handle: SqliteHandle) {
    this.#handle = handle;
  }

  get inTransaction(): boolean {
    return guarded(() => this.#handle.isTransaction);
  }

  rows(statement: Statement): readonly Row[] {
    return guarded(() =>
      this.#prepare(statement)
        .all(...bindable(statement))
        .map(toRow),
    );
  }

  /** The rows of a statement one after the other, so that they need not fit into memory. */
  *each(statement: Statement): Iterable<Row> {
    const rows = guarded(() => this.#prepare(statement).iterate(...bindable(statement)));
    const iterator = rows[Symbol.iterator]();
    for (;;) {
      const step = guarded(() => iterator.next());
      if (step.done) return;
      yield toRow(step.value);
    }
  }

  /** Runs a statement; the rows that it changed itself, 0 for one that changes no rows by its nature. */
  run(statement: Statement): number {
    const { changes } = guarded(() => this.#prepare(statement).run(...bindable(statement)));
    // SQLite leaves the count of the last INSERT, UPDATE or DELETE standing when another statement runs.
    return CHANGES_ROWS.test(statement.text) ? Number(changes) : 0;
  }

  exec(sql: string): void {
    guarded(() => this.#handle.exec(sql));
  }

  /** The value of a pragma. */
  setting(name: string): string {
    const [row] = this.rows({ text: `pragma ${name}`, values: [] });
    return Object.values(row ?? {})[0] ?? "";
  }

  close(): void {
    guarded(() => this.#handle.close());
  }

  #prepare(statement: Statement): SqliteStatement {
    const prepared = this.#handle.prepare(statement.text);
    requireValues(statement);
    prepared.setReadBigInts(true);
    return prepared;
  }
}

const CHANGES_ROWS = /^\s*(?:with|insert|update|delete|replace)\b/i;

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toOnDeleteError(error);
  }
}

/** node:sqlite binds every JavaScript number as a REAL; whole numbers are meant as INTEGER here. */
function bindable(statement: Statement): Value[] {
  return statement.values.map((value) => (Number.isSafeInteger(value) ? BigInt(value as number) : value));
}

/** Values as text. Made in place, because a digest reads every key that there is. */
function toRow(raw: unknown): Row {
  const row = Object.create(null) as Record<string, string | null>;
  for (const name of Object.keys(raw as Raw)) row[name] = toText((raw as Raw)[name]);
  return row;
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString("hex")}'`;
  return String(value);
}

/** A transaction or savepoint while it is open. */
export class SqliteTransaction implements Transaction {
  /** SQLite's readers always see one snapshot, also in a caller's transaction. */
  readonly snapshot = true;
  readonly joined: boolean;
  readonly #connection: Connection;
  readonly #syntax: Syntax;
  readonly #signal: AbortSignal | undefined;

  constructor(
    connection: Connection,
    syntax: Syntax,
    options: { readonly joined: boolean; readonly signal: AbortSignal | undefined },
  ) {
    this.#connection = connection;
    this.#syntax = syntax;
    this.joined = options.joined;
    this.#signal = options.signal;
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    return this.#connection.rows(this.#compile(statement));
  }

  async run(statement: Sql): Promise<number> {
    return this.#connection.run(this.#compile(statement));
  }

  /** A statement that is refused takes back itself alone. @see https://www.sqlite.org/lang_conflict.html (ABORT) */
  async attempt<T>(work: () => Promise<T>): Promise<T | OnDeleteError> {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error) || !this.#connection.inTransaction) throw error;
      return error;
    }
  }

  each(statement: Sql): Iterable<Row> {
    return this.#connection.each(this.#compile(statement));
  }

  #compile(statement: Sql): Statement {
    throwIfAborted(this.#signal);
    // Outside of its transaction a statement would be committed on its own.
    if (!this.#connection.inTransaction) throw ended();
    return this.#syntax.compile(statement);
  }
}

function ended(): OnDeleteError {
  return new OnDeleteError(
    "engine-error",
    "The transaction on this SQLite handle ended before the work was done; nothing was changed.",
    { hint: "Run nothing else on the handle meanwhile; after a full disk SQLite rolls back by itself." },
  );
}

/** @throws {OnDeleteError} `interrupted` */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new OnDeleteError(
    "interrupted",
    "The work was interrupted before it was done; nothing was changed.",
    {
      hint: "Run it again when you are ready.",
      cause: signal.reason,
    },
  );
}
