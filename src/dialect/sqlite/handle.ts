import type { Value } from "../sql.ts";

/** A prepared statement, as far as it is needed of `node:sqlite`'s StatementSync. */
export interface SqliteStatement {
  all(...values: Value[]): unknown[];
  iterate(...values: Value[]): Iterable<unknown>;
  run(...values: Value[]): { readonly changes: number | bigint };
  setReadBigInts(enabled: boolean): void;
}

/**
 * An open SQLite database, as far as it is needed of `node:sqlite`'s DatabaseSync.
 * @see https://nodejs.org/api/sqlite.html#class-databasesync
 */
export interface SqliteHandle {
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  /** Makes a function that statements can call. */
  function(
    name: string,
    options: { readonly deterministic: boolean },
    call: (value: unknown) => Uint8Array,
  ): void;
  /** Whether a transaction is open, whoever opened it. */
  readonly isTransaction: boolean;
  close(): void;
}
