import type { Delivery } from "./delivery.ts";
import type { Document } from "./model.ts";
import type { Blocker, Key, Plan, Target, Warning } from "./plan.ts";
import type { TableId } from "./table.ts";

export type OperationState =
  /** A batched one that is under way, or whose process has ended without a word: its lease tells. */
  "running" | "done" | "paused" | "failed" | "cancelled" | "blocked" | "restored" | "erased" | "expired";

/** Rows by table; tables with rows only. */
export type RowCounts = Readonly<Record<TableId, number>>;

/** What an execution did. */
export interface Outcome extends Document {
  readonly kind: "outcome";
  /** Null where nothing was done and so nothing was recorded. */
  readonly operation: string | null;
  readonly mode: "hard" | "soft";
  readonly state: "done" | "paused" | "failed" | "cancelled" | "blocked";
  /** Rows that are gone, of a soft delete those that were marked or moved to the archive. */
  readonly deleted: RowCounts;
  readonly updated: RowCounts;
  readonly batches: number;
  readonly seconds: number;
  readonly archive: boolean;
  /** The command that takes the operation back, null where it cannot be. */
  readonly undo: string | null;
  /** What a person should know of; left out where that is nothing. */
  readonly warnings?: readonly Warning[];
  /** What became of files and hooks after the commit; left out where the policy has none. */
  readonly delivery?: Delivery;
  /** The blocked plan, where the state is `blocked`. */
  readonly plan?: Plan;
  readonly blockers?: readonly Blocker[];
}

/** One entry of the journal. */
export interface Operation {
  readonly operation: string;
  readonly state: OperationState;
  readonly target: Target;
  readonly mode: "hard" | "soft";
  readonly deleted: RowCounts;
  readonly updated: RowCounts;
  /** Transactions that it has taken so far. */
  readonly batches: number;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly digest: string;
  readonly archive: boolean;
  /** Who works on it; left out where nobody does. */
  readonly lease?: Lease;
}

/** One worker's right to an operation, which ends unless it is renewed. */
export interface Lease {
  /** Host and process. */
  readonly owner: string;
  /** ISO 8601, UTC, by the clock of the database. */
  readonly until: string;
  /** Whether it has ended, so that another worker may go on. */
  readonly over: boolean;
}

export interface OperationsDocument extends Document {
  readonly kind: "operations";
  /** Newest last. */
  readonly operations: readonly Operation[];
}

export type ConflictKind =
  /** A row with the same key exists. */
  | "key-taken"
  /** Another row holds a unique value of the archived row. */
  | "unique-taken"
  /** A row that the archived row references is gone. */
  | "parent-gone"
  /** A nulled row was given another value since. */
  | "edited"
  /** A nulled row was deleted since. */
  | "row-gone"
  /** Another file is in the place of one that was set aside. */
  | "file-taken"
  /** The table or a column changed so that the archived row no longer fits. */
  | "schema-changed";

export interface Conflict {
  readonly kind: ConflictKind;
  readonly table: TableId;
  readonly rows: number;
  /** At most 5 keys. */
  readonly sample: readonly Key[];
  /** The relation, unique key or column concerned. */
  readonly object: string | null;
  readonly message: string;
}

/** What a restore does about conflicts; whatever it leaves stops it. */
export type ConflictChoice = "stop" | "skip" | "rename" | "reparent";

export interface Renamed {
  readonly table: TableId;
  readonly column: string;
  /** The unique index that had no room for the old value. */
  readonly index: string;
  readonly rows: number;
}

export interface Reparented {
  readonly table: TableId;
  readonly relation: string;
  readonly rows: number;
  /** The new parent's key; null where the reference is lost. */
  readonly parent: Key | null;
}

/** What a restore would write, or wrote. */
export interface RestorePlan extends Document {
  readonly kind: "restore-plan";
  readonly operation: string;
  /** The operation's. */
  readonly mode: "hard" | "soft";
  readonly state: "planned" | "done" | "blocked";
  readonly inserts: RowCounts;
  readonly updates: RowCounts;
  /** Rows that stay in the archive, because they or a row that they hang off are in conflict. */
  readonly skipped: RowCounts;
  /** Rows that get another value than they had, because theirs is taken: in which columns, and what they get. */
  readonly renamed: readonly Renamed[];
  /** Rows that get another parent than they had, or none, because theirs is gone. */
  readonly reparented: readonly Reparented[];
  readonly conflicts: readonly Conflict[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  /** What became of files and hooks after the commit; left out where the policy has none. */
  readonly delivery?: Delivery;
}
