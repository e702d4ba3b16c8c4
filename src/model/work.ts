import type { TableId } from "./table.ts";

/** Keys of rows of one table that a batched operation deletes, written down before the first of them goes. */
export interface WorkList {
  /** Its number among the operation's lists. */
  readonly list: number;
  readonly table: TableId;
  /** The table's columns that it holds: the key, what relations reference, and the columns of `via`. */
  readonly columns: readonly string[];
  /** The relation by which the rows were found, and whose columns they must still have to be deleted; null for roots. */
  readonly via: string | null;
  readonly rows: number;
}

/** Rows that a step reads. */
export interface WorkSource {
  readonly list: number;
  /** The relation by which the step's rows reference the rows of the list; null where they are those of the list. */
  readonly relation: string | null;
}

/**
 * One table's rows, or a part of them, to be dealt with in batches: to be deleted, no row that is left of the operation
 * referencing them, or to lose a reference to rows that go later.
 */
export interface WorkStep {
  readonly kind: "delete" | "set null";
  readonly table: TableId;
  /** As planned; late ones are not among them. */
  readonly rows: number;
  readonly sources: readonly WorkSource[];
  /** Whether all of them go in one transaction, because rows below them reference each other in circles. */
  readonly together: boolean;
}

/** Whether rows that come in below rows that go, after these were planned, go too or stop the operation. */
export type Late = "include" | "stop";

/** What a batched operation has to do, as it is written down before it begins. */
export interface Work {
  readonly lists: readonly WorkList[];
  /** Children before parents. */
  readonly steps: readonly WorkStep[];
  /** Tables whose rows several batches may update, which are to be counted once. */
  readonly updatedOften: readonly TableId[];
  readonly late: Late;
  readonly strict: boolean;
  /** On whose behalf. */
  readonly verb: "delete" | "purge";
  readonly erase: boolean;
  /** The most rows of one batch. */
  readonly batchRows: number;
}

/** How far a batched operation has come: the next rows to look at. */
export interface Position {
  readonly step: number;
  /** Whether rows that others have locked are left out, to be come back to. */
  readonly pass: "skipping" | "waiting";
  /** Of the step. */
  readonly source: number;
  /** Of the source's list. */
  readonly chunk: number;
  /** Rows of the chunk that were looked at. */
  readonly offset: number;
  /** Whether a row was left out in this step. */
  readonly skipped: boolean;
}

export const BEGINNING: Position = {
  step: 0,
  pass: "skipping",
  source: 0,
  chunk: 0,
  offset: 0,
  skipped: false,
};

/** How far and when a process works on an operation before it leaves the rest for later. */
export interface Bounds {
  /** Rows to be deleted at most. */
  readonly rows?: number;
  readonly seconds?: number;
  /** The time of day, by this machine's clock, such as `"22:00-06:00"`: it may go over midnight. */
  readonly window?: string;
}
