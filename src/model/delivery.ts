import type { Document } from "./model.ts";

/** Why something could not be done after a commit; it is tried again at the next delivery. */
export interface DeliveryFailure {
  readonly operation: string;
  readonly kind: "file" | "hook";
  /** The table and column of the path, or what the hook was called for. */
  readonly subject: string;
  readonly message: string;
}

/** What became of what was to be done after commits: files set aside, brought back and removed, hooks called. */
export interface Delivery extends Document {
  readonly kind: "delivery";
  readonly delivered: number;
  /** Files that were found nowhere; nothing more is tried about them. */
  readonly missing: number;
  /** Files that were left where they are, because a row names them again. */
  readonly kept: number;
  /** What is still to be done, also for other operations; at least that, where the delivery itself failed. */
  readonly pending: number;
  /** At most 20, in order. */
  readonly failures: readonly DeliveryFailure[];
}
