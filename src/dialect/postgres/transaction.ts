import { OnDeleteError } from "../../error.ts";
import type { ReadOptions, Row, Transaction, WriteOptions } from "../engine.ts";
import { isRefusal } from "../refused.ts";
import type { Sql, Statement } from "../sql.ts";
import type { Syntax } from "../syntax.ts";
import type { PgDriver, PgResult, PgSession } from "./driver.ts";
import { dropScratch, scratchMadeBy } from "./scratch.ts";

/**
 * What decides how values print and which rows are seen, so that a plan, its digest and an archive say the same in
 * every session. @see https://www.postgresql.org/docs/current/runtime-config-client.html
 */
const SETTINGS: Readonly<Record<string, string>> = {
  row_security: "off", // raises an error where a policy would hide rows
  datestyle: "ISO, MDY",
  intervalstyle: "postgres",
  timezone: "UTC",
  extra_float_digits: "1",
  bytea_output: "hex",
  lc_monetary: "C",
  array_nulls: "on",
  quote_all_identifiers: "off",
  xmloption: "content",
  jit: "off",
};

interface Started {
  /** The pid of the session, as text. */
  readonly backend: string;
  readonly isolation: string;
}

interface Work<T> {
  readonly driver: PgDriver;
  readonly syntax: Syntax;
  readonly run: (tx: Transaction) => Promise<T>;
}

/** Runs work on one snapshot and takes everything back. */
export async function readTransaction<T>(work: Work<T>, options: ReadOptions): Promise<T> {
  refuseIfAborted(options.signal);
  return work.driver.transact(false, async (session) => {
    // What is rolled back writes nothing that stays, so that scratch tables are made in read-only sessions too.
    const mode = options.scratch ? "read write" : "read only";
    if (!session.joined) await send(session, `set transaction isolation level repeatable read, ${mode}`);
    else if (!options.scratch) await send(session, "set transaction read only");
    const started = await applySettings(session, SETTINGS);
    const statements = new Statements({ session, started, syntax: work.syntax, signal: options.signal });
    return statements.carry(work.run);
  });
}

/** Runs work in a transaction that is kept, and gives a caller's transaction its settings back. */
export async function writeTransaction<T>(work: Work<T>, options: WriteOptions): Promise<T> {
  refuseIfAborted(options.signal);
  const written = work.driver.transact(true, async (session) => {
    if (options.snapshot && !session.joined) await seeOneSnapshot(session);
    const { idleTimeoutMs } = options;
    const settings = {
      ...SETTINGS,
      lock_timeout: String(options.lockTimeoutMs),
      ...(idleTimeoutMs ? { idle_in_transaction_session_timeout: String(Math.ceil(idleTimeoutMs)) } : {}),
    };
    const before = session.joined ? await readSettings(session, Object.keys(settings)) : null;
    const started = await applySettings(session, settings);
    const statements = new Statements({ session, started, syntax: work.syntax, signal: options.signal });
    const result = await statements.carry(work.run);
    if (before) {
      // They drop themselves on commit, which in a caller's transaction may be much later.
      for (const name of statements.scratch) await session.query(work.syntax.compile(dropScratch(name)));
      await applySettings(session, before);
    }
    return result;
  });
  return options.snapshot ? written.catch(maybeStale) : written;
}

/** What stands against the change may have been added since the snapshot; then it is seen the next time. */
function maybeStale(error: unknown): never {
  if (!(error instanceof OnDeleteError) || error.code !== "constraint-violated") throw error;
  const { code, message, hint, details } = error;
  throw new OnDeleteError(code, message, {
    ...(hint === null ? {} : { hint }),
    details: { ...details, retriable: true },
    cause: error.cause,
  });
}

/** Unless transactions of this session are stricter anyway. */
async function seeOneSnapshot(session: PgSession): Promise<void> {
  const { rows } = await send(session, "show transaction_isolation");
  if (rows[0]?.transaction_isolation?.startsWith("read "))
    await send(session, "set transaction isolation level repeatable read");
}

const send = (session: PgSession, text: string) => session.query({ text, values: [] });

async function applySettings(
  session: PgSession,
  settings: Readonly<Record<string, string>>,
): Promise<Started> {
  const names = Object.keys(settings);
  const calls = names.map((name, i) => `set_config('${name}', $${i + 1}::text, true) as s${i}`);
  const { rows } = await session.query({
    text: `select pg_backend_pid() as backend, current_setting('transaction_isolation') as isolation, ${calls.join(", ")}`,
    values: Object.values(settings),
  });
  return rows[0] as unknown as Started;
}

async function readSettings(session: PgSession, names: readonly string[]): Promise<Record<string, string>> {
  const columns = names.map((name) => `current_setting('${name}') as ${name}`);
  const { rows } = await send(session, `select ${columns.join(", ")}`);
  return rows[0] as Record<string, string>;
}

interface StatementsOptions {
  readonly session: PgSession;
  readonly started: Started;
  readonly syntax: Syntax;
  readonly signal: AbortSignal | undefined;
}

class Statements implements Transaction {
  readonly snapshot: boolean;
  readonly joined: boolean;
  /** Names of the scratch tables made. */
  readonly scratch: string[] = [];
  readonly #options: StatementsOptions;
  #failure: unknown = null;
  #over = false;

  constructor(options: StatementsOptions) {
    this.#options = options;
    this.joined = options.session.joined;
    this.snapshot =
      options.started.isolation === "repeatable read" || options.started.isolation === "serializable";
  }

  async rows(statement: Sql): Promise<readonly Row[]> {
    return (await this.#query(this.#options.syntax.compile(statement))).rows;
  }

  async run(statement: Sql): Promise<number> {
    const { changed } = await this.#query(this.#options.syntax.compile(statement));
    const made = scratchMadeBy(statement);
    if (made !== null) this.scratch.push(made);
    return changed;
  }

  async attempt<T>(work: () => Promise<T>): Promise<T | OnDeleteError> {
    const { session } = this.#options;
    await send(session, "savepoint ondelete_attempt");
    try {
      const result = await work();
      await send(session, "release savepoint ondelete_attempt");
      return result;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await send(session, "rollback to savepoint ondelete_attempt");
      await send(session, "release savepoint ondelete_attempt");
      this.#failure = null;
      return error;
    }
  }

  /** Lends the transaction to work. A failed statement fails the whole, also where the work went on without it. */
  async carry<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    try {
      const result = await run(this);
      // PostgreSQL answers COMMIT with a silent ROLLBACK after a failed statement.
      if (this.#failure) throw this.#failure;
      refuseIfAborted(this.#options.signal);
      return result;
    } finally {
      this.#over = true;
    }
  }

  async #query(statement: Statement): Promise<PgResult> {
    const { session, started, signal } = this.#options;
    if (this.#over) throw new Error("bug in ondelete: a statement after the end of its transaction");
    refuseIfAborted(signal);
    const cancel = () => session.cancel?.(started.backend);
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      return await session.query(statement);
    } catch (error) {
      this.#failure = signal?.aborted ? interrupted(error) : error;
      throw this.#failure;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }
}

function refuseIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted(signal.reason);
}

const interrupted = (cause: unknown) =>
  new OnDeleteError("interrupted", "Stopped on request; the transaction was rolled back.", { cause });
