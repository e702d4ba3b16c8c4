import { OnDeleteError } from "../../error.ts";
import type { ReadOptions, Row, Transaction, TransactionOptions, WriteOptions } from "../engine.ts";
import { isRefusal } from "../refused.ts";
import type { Sql, Statement } from "../sql.ts";
import type { Syntax } from "../syntax.ts";
import type { MyDriver, MyResult, MySession } from "./connection.ts";
import { dropScratch, scratchMadeBy } from "./scratch.ts";
import { type Applied, apply, type Settings, settingsFor } from "./settings.ts";

interface Work<T> {
  readonly driver: MyDriver;
  readonly syntax: Syntax;
  readonly run: (tx: Transaction) => Promise<T>;
}

const send = (session: MySession, text: string) => session.query({ text, values: [] });

/** Runs work on one snapshot and takes everything back. */
export async function readTransaction<T>(work: Work<T>, options: ReadOptions): Promise<T> {
  // A scratch table cannot be made in a READ ONLY transaction.
  const mode = options.scratch ? "" : ", read only";
  const begin = [
    "set transaction isolation level repeatable read",
    `start transaction with consistent snapshot${mode}`,
  ];
  return transact(work, {
    begin,
    keep: false,
    snapshot: true,
    signal: options.signal,
    settings: settingsFor({}),
  });
}

/**
 * Runs work in a transaction that is kept. READ COMMITTED sees the latest rows and locks those that are asked for, and
 * not the gaps between them.
 */
export async function writeTransaction<T>(work: Work<T>, options: WriteOptions): Promise<T> {
  const settings = settingsFor(options);
  return transact(work, {
    begin: BEGIN_WRITE,
    keep: true,
    snapshot: false,
    signal: options.signal,
    settings,
  });
}

const BEGIN_WRITE = ["set transaction isolation level read committed", "start transaction read write"];

/** Lends a session in a transaction that is taken back. */
export async function rehearsed<T>(
  driver: MyDriver,
  work: (session: MySession) => Promise<T>,
  { signal }: TransactionOptions = {},
): Promise<T> {
  refuseIfAborted(signal);
  return driver.session(async (session) => {
    const joined = (await send(session, "do 0")).inTransaction;
    const frame = { begin: BEGIN_WRITE, keep: false, savepoint: "ondelete_rehearsal" };
    return (joined ? inSavepoint : inOwn)(session, frame, () => work(session));
  });
}

/** A driver whose transactions are savepoints of one session's transaction. */
export const within = (session: MySession): MyDriver => ({
  session: (work) => work(session),
  close: async () => {},
});

interface Frame {
  readonly begin: readonly string[];
  readonly keep: boolean;
  readonly snapshot: boolean;
  readonly signal: AbortSignal | undefined;
  readonly settings: Settings;
}

async function transact<T>(work: Work<T>, frame: Frame): Promise<T> {
  refuseIfAborted(frame.signal);
  return work.driver.session(async (session) => {
    const joined = (await send(session, "do 0")).inTransaction;
    const applied = await apply(session, frame.settings);
    const snapshot = frame.snapshot && (!joined || applied.snapshot);
    const { syntax } = work;
    const statements = new Statements({ session, syntax, applied, joined, snapshot, signal: frame.signal });
    try {
      return await (joined ? inSavepoint : inOwn)(session, frame, () => statements.carry(work.run));
    } finally {
      await statements.dropScratch().then(applied.restore).catch(session.broken);
    }
  });
}

async function inOwn<T>(
  session: MySession,
  { begin, keep }: Pick<Frame, "begin" | "keep">,
  run: () => Promise<T>,
): Promise<T> {
  try {
    for (const statement of begin) await send(session, statement);
    const result = await run();
    await send(session, keep ? "commit" : "rollback");
    return result;
  } catch (error) {
    await send(session, "rollback").catch(session.broken);
    throw error;
  }
}

/** A savepoint of the caller's transaction, which goes on. A second one of the same name would take the place of the first. */
async function inSavepoint<T>(
  session: MySession,
  { keep, savepoint = "ondelete" }: Pick<Frame, "keep"> & { readonly savepoint?: string },
  run: () => Promise<T>,
): Promise<T> {
  const takeBack = async () => {
    await send(session, `rollback to savepoint ${savepoint}`);
    await send(session, `release savepoint ${savepoint}`);
  };
  await send(session, `savepoint ${savepoint}`);
  let result: T;
  try {
    result = await run();
  } catch (error) {
    const isOver = await takeBack().then(
      () => false,
      () => true,
    );
    throw isOver ? final(error) : error;
  }
  await (keep ? send(session, `release savepoint ${savepoint}`) : takeBack());
  return result;
}

/** A deadlock has rolled back the caller's transaction, so that work that ran again would run outside of it. */
function final(error: unknown): unknown {
  if (!(error instanceof OnDeleteError)) return error;
  const { code, message, hint, details, cause } = error;
  const { retriable: _, ...rest } = details;
  return new OnDeleteError(code, message, { ...(hint === null ? {} : { hint }), details: rest, cause });
}

interface StatementsOptions {
  readonly session: MySession;
  readonly syntax: Syntax;
  readonly applied: Applied;
  readonly joined: boolean;
  readonly snapshot: boolean;
  readonly signal: AbortSignal | undefined;
}

class Statements implements Transaction {
  readonly snapshot: boolean;
  readonly joined: boolean;
  readonly #options: StatementsOptions;
  /** Names of the scratch tables made: a rollback leaves them. */
  readonly #scratch: string[] = [];
  #failure: unknown = null;
  #over = false;

  constructor(options: StatementsOptions) {
    this.#options = options;
    this.joined = options.joined;
    this.snapshot = options.snapshot;
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    return (await this.#query(this.#options.syntax.compile(statement))).rows;
  }

  async run(statement: Sql): Promise<number> {
    const made = scratchMadeBy(statement);
    if (made !== null) this.#scratch.push(made);
    return (await this.#query(this.#options.syntax.compile(statement))).changed;
  }

  /** A statement that is refused takes back itself alone. @see https://mariadb.com/kb/en/start-transaction/ */
  async attempt<T>(work: () => Promise<T>): Promise<T | OnDeleteError> {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#failure = null;
      return error;
    }
  }

  /** Lends the transaction to work. A failed statement leaves the transaction open, so that it fails the whole. */
  async carry<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      const result = await run(this);
      if (this.#failure) throw this.#failure;
      refuseIfAborted(this.#options.signal);
      return result;
    } finally {
      this.#over = true;
    }
  }

  async dropScratch(): Promise<void> {
    if (this.#scratch.length === 0) return;
    await this.#options.session.query(this.#options.syntax.compile(dropScratch(this.#scratch)));
  }

  async #query(statement: Statement): Promise<MyResult> {
    const { session, applied, signal } = this.#options;
    if (this.#over) throw new Error("bug in ondelete: a statement after the end of its transaction");
    refuseIfAborted(signal);
    let stopKilling: (() => Promise<void>) | undefined;
    const kill = () => {
      stopKilling = session.kill?.(applied.session);
    };
    signal?.addEventListener("abort", kill, { once: true });
    try {
      return await session.query(statement);
    } catch (error) {
      this.#failure = signal?.aborted ? interrupted(error) : error;
      throw this.#failure;
    } finally {
      signal?.removeEventListener("abort", kill);
      await stopKilling?.(); // or it would hit the next statement
    }
  }
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(signal.reason);
}

const interrupted = (cause: unknown) =>
  new OnDeleteError("interrupted", "Stopped on request; the transaction was rolled back.", { cause });
