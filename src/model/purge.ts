import type { Delivery } from "./delivery.ts";
import type { Document } from "./model.ts";
import type { RowCounts } from "./operation.ts";
import type { Blocker } from "./plan.ts";
import type { TableId } from "./table.ts";

/** What a purge did, or would do, for one retention. */
export interface PurgedRetention {
  readonly policy: string;
  readonly table: TableId;
  readonly mode: "hard" | "soft";
  readonly olderThan: string;
  /** ISO 8601, UTC: rows from before it are old enough. */
  readonly cutoff: string;
  /** Rows of the table that are old enough. */
  readonly eligible: number;
  readonly deleted: RowCounts;
  readonly updated: RowCounts;
  /** Rows of the table that are old enough and stay, because of what blocks them. */
  readonly held: number;
  /** By relation and reason; samples are of the first batch that met it. */
  readonly blockers: readonly Blocker[];
  readonly batches: number;
  /** Ids of the operations, one for each batch, oldest first. */
  readonly operations: readonly string[];
}

export interface ExpiredArchives {
  readonly keep: string;
  /** ISO 8601, UTC: archives of operations from before it are removed. */
  readonly cutoff: string;
  /** Ids of their operations, oldest first. */
  readonly operations: readonly string[];
}

export interface Purge extends Document {
  readonly kind: "purge";
  readonly state: "planned" | "done";
  readonly policies: readonly PurgedRetention[];
  /** Archives that were, or would be, removed because they are old enough; left out where they are kept for ever. */
  readonly archives?: ExpiredArchives;
  /** What became of files and hooks; left out where the policy has none, or nothing was done. */
  readonly delivery?: Delivery;
}
