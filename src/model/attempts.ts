import type { Document } from "./model.ts";
import type { Key, Target } from "./plan.ts";
import type { TableId } from "./table.ts";

/** What of a table's rows tells that they are attempts that failed, and what belongs to each. */
export interface AttemptsPolicy {
  /** The column that says how an attempt stands. */
  readonly status: string;
  /** The values of it that mean that the attempt failed. */
  readonly failed: readonly string[];
  /** The column by which the newest attempts come first. */
  readonly newest: string;
  /** Columns that say what went wrong. */
  readonly errors: readonly string[];
  readonly logs: AttemptLogs | null;
  readonly retry: RetryHook | null;
}

/** Where the log of an attempt is: rows of a table that references it, in the order of a column, or a file that a column names. */
export type AttemptLogs =
  | { readonly kind: "rows"; readonly table: TableId; readonly order: string }
  | { readonly kind: "file"; readonly column: string };

/**
 * Makes a new attempt in the place of one that failed, which stays as it is. Called in no transaction.
 * @returns the new row's key: its value, or several in the order of the key
 */
export type RetryHook = (attempt: Attempt) => NewKey | Promise<NewKey>;

type NewKey = string | number | bigint | readonly (string | number | bigint)[];

/** A row whose attempt failed. */
export interface Attempt {
  readonly table: TableId;
  readonly key: Key;
  readonly status: string;
  /** What the policy's `newest` column holds, as text. */
  readonly at: string | null;
  /** By column, as text. */
  readonly errors: Readonly<Record<string, string | null>>;
  /** Selects the row for as long as its attempt is one that failed: for `plan` and `delete`. */
  readonly target: Target;
}

export interface Attempts extends Document {
  readonly kind: "attempts";
  /** By table, newest first. */
  readonly attempts: readonly Attempt[];
  /** How many attempts failed, by table; those that are not listed are counted too. */
  readonly failed: Readonly<Record<TableId, number>>;
}

/** One row of a log, by column as text; of a file its line. */
export type LogEntry = Readonly<Record<string, string | null>>;

export interface Retry extends Document {
  readonly kind: "retry";
  /** The attempt that failed, and stays. */
  readonly attempt: Attempt;
  readonly created: { readonly table: TableId; readonly key: Key; readonly status: string | null };
}
