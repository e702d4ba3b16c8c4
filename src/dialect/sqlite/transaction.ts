import type { ReadOptions, Transaction, TransactionOptions, WriteOptions } from "../engine.ts";
import type { Syntax } from "../syntax.ts";
import { type Connection, SqliteTransaction, throwIfAborted } from "./connection.ts";
import { Turns } from "./turns.ts";

type Work<T> = (tx: Transaction) => Promise<T>;

/** Transactions of one handle: our own, or savepoints where the handle's user is in a transaction already. */
export class Transactions {
  readonly #connection: Connection;
  readonly #syntax: Syntax;
  readonly #turns = new Turns();
  #savepoints = 0;

  constructor(connection: Connection, syntax: Syntax) {
    this.#connection = connection;
    this.#syntax = syntax;
  }

  /** Always rolls back; SQLite takes temporary tables back with it. Without scratch tables nothing can be written. */
  read<T>(options: ReadOptions, work: Work<T>): Promise<T> {
    return this.#turns.take(async () => {
      throwIfAborted(options.signal);
      const block = this.#begin("begin");
      try {
        return options.scratch
          ? await work(this.#transaction(block, options))
          : await this.#readOnly(block, options, work);
      } finally {
        this.#rollback(block);
      }
    });
  }

  /**
   * Commits when the work returns, rolls back when it throws. Foreign keys are checked at the commit. In a caller's
   * transaction that is the caller's commit: `defer_foreign_keys` stays on until then, because switching it off makes
   * SQLite forget the violations that it has counted (measured on 3.53: the commit then succeeds).
   */
  write<T>(options: WriteOptions, work: Work<T>): Promise<T> {
    return this.#turns.take(async () => {
      throwIfAborted(options.signal);
      const timeout = this.#connection.setting("busy_timeout");
      const enforced = this.#connection.setting("foreign_keys");
      this.#connection.exec(`pragma busy_timeout = ${Math.trunc(options.lockTimeoutMs)}`);
      // Inside a transaction the pragma does nothing: https://www.sqlite.org/pragma.html#pragma_foreign_keys
      if (options.actions === "suspended") this.#connection.exec("pragma foreign_keys = off");
      try {
        return await this.#writeBlock(options, work);
      } finally {
        this.#connection.exec(`pragma foreign_keys = ${enforced}`);
        this.#connection.exec(`pragma busy_timeout = ${timeout}`);
      }
    });
  }

  /** Takes everything back, in the end; work begins its transactions inside, as savepoints. */
  rehearse<T>(options: TransactionOptions, work: (inside: Transactions) => Promise<T>): Promise<T> {
    return this.#turns.take(async () => {
      throwIfAborted(options.signal);
      const block = this.#begin("begin immediate");
      try {
        return await work(new Transactions(this.#connection, this.#syntax));
      } finally {
        this.#rollback(block);
      }
    });
  }

  async #writeBlock<T>(options: WriteOptions, work: Work<T>): Promise<T> {
    const deferred = this.#connection.setting("defer_foreign_keys");
    const before = this.#temporaryTables();
    const block = this.#begin("begin immediate");
    try {
      this.#connection.exec("pragma defer_foreign_keys = on");
      const result = await work(this.#transaction(block, options));
      throwIfAborted(options.signal);
      for (const name of this.#temporaryTables()) if (!before.includes(name)) this.#drop(name);
      this.#connection.exec(block.savepoint === null ? "commit" : `release ${block.savepoint}`);
      return result;
    } catch (error) {
      this.#rollback(block);
      // The rollback has restored the count of violations, so that nothing of the caller's is forgotten.
      if (block.savepoint !== null && deferred === "0")
        this.#connection.exec("pragma defer_foreign_keys = off");
      throw error;
    }
  }

  async #readOnly<T>(block: Block, options: ReadOptions, work: Work<T>): Promise<T> {
    const before = this.#connection.setting("query_only");
    this.#connection.exec("pragma query_only = on");
    try {
      return await work(this.#transaction(block, options));
    } finally {
      this.#connection.exec(`pragma query_only = ${before}`);
    }
  }

  #transaction(block: Block, options: TransactionOptions): SqliteTransaction {
    const joined = block.savepoint !== null;
    return new SqliteTransaction(this.#connection, this.#syntax, { joined, signal: options.signal });
  }

  #begin(statement: string): Block {
    if (!this.#connection.inTransaction) {
      this.#connection.exec(statement);
      return { savepoint: null };
    }
    const savepoint = `ondelete_${++this.#savepoints}`;
    this.#connection.exec(`savepoint ${savepoint}`);
    return { savepoint };
  }

  #rollback(block: Block): void {
    // SQLite itself ends a transaction after some errors: https://www.sqlite.org/lang_transaction.html section 3
    if (!this.#connection.inTransaction) return;
    if (block.savepoint === null) this.#connection.exec("rollback");
    else this.#connection.exec(`rollback to ${block.savepoint}; release ${block.savepoint}`);
  }

  #temporaryTables(): readonly string[] {
    const text = "select name from temp.sqlite_schema where type = 'table'";
    return this.#connection.rows({ text, values: [] }).map((row) => row.name ?? "");
  }

  #drop(name: string): void {
    this.#connection.exec(`drop table temp."${name.replaceAll('"', '""')}"`);
  }
}

/** A transaction of our own, or the savepoint in the caller's. */
interface Block {
  readonly savepoint: string | null;
}
