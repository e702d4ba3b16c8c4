import type { RowCounts } from "./operation.ts";
import type { Key, Target } from "./plan.ts";
import type { TableId } from "./table.ts";

interface Event {
  /** The same at every attempt to tell of the same thing, and of nothing else: what was done for it need not be done again. */
  readonly key: string;
  readonly verb: "delete" | "restore" | "purge";
  /** The operation that is carried out or, of a restore, taken back. */
  readonly operation: string;
  readonly mode: "hard" | "soft";
}

/** An operation as a hook is told of it. */
export interface HookEvent extends Event {
  readonly target: Target;
  /** Rows that go; of a restore those that come back. */
  readonly deleted: RowCounts;
  /** Rows that are updated; of a restore those that are given back what they held. */
  readonly updated: RowCounts;
  readonly actor: string | null;
  readonly reason: string | null;
}

/** Rows of one table that go, or come back: at most 500, in key order. */
export interface RowsEvent extends Event {
  readonly table: TableId;
  /** Values as text: the key's, and those that external relations reference. */
  readonly keys: readonly Key[];
  /** Ids of the external relations that reference the table: what hangs on these rows is for the hook to see to. */
  readonly external: readonly string[];
}

/** What is called before something is done, and after it was committed. */
export interface HookPair<E> {
  /** Called in the transaction, before a row is changed: what it throws refuses the operation. */
  readonly before?: (event: E) => unknown;
  /** Called after the commit, until it returns: at least once. */
  readonly after?: (event: E) => unknown;
}

export interface Hooks extends HookPair<HookEvent> {
  /** By table, for its rows. */
  readonly rows?: Readonly<Record<TableId, HookPair<RowsEvent>>>;
}
