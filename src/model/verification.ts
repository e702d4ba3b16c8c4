import type { Document } from "./model.ts";
import type { TableId } from "./table.ts";

/** What was seen of a child's row when its parent's was deleted, or what had been foretold. */
export type Observed =
  | "deleted"
  | "set null"
  | "set default"
  | "blocks"
  | "kept"
  /** Constraints in one order delete the row, and in another refuse. */
  | "order-dependent"
  /** The delete was not refused, and the parent's row is still there. */
  | "parent-kept"
  /** It ended in a failure that no constraint explains. */
  | "failed";

export type ProofVerdict = "proven" | "contradicted" | "unprovable";

/** One experiment: rows made for it, the parent's deleted, and what became of the child's. */
export interface Proof {
  readonly parent: TableId;
  readonly child: TableId;
  /** The relation of the child by which it comes about. */
  readonly relation: string;
  /** The relations from the parent's row down to the child's, the last being `relation`. */
  readonly via: readonly string[];
  /** Whether the child's row goes too, by other relations than `relation`. */
  readonly goesToo: boolean;
  /** Whether the engine's own DELETE was tried, or ondelete's. */
  readonly path: "native" | "ondelete";
  /** What the schema declares; for ondelete what the policy says. */
  readonly expected: Observed;
  /** Null where it could not be tried. */
  readonly observed: Observed | null;
  readonly verdict: ProofVerdict;
  /** What contradicts, or why it cannot be proven here; absent where it is proven. */
  readonly reason?: string;
}

/** A certificate: what was proven by experiment, on what, and what was not. */
export interface Verification extends Document {
  readonly kind: "verification";
  /** When it was made, in ISO 8601. */
  readonly at: string;
  /** Of the schema and the policy; another one means that another database was proven. */
  readonly fingerprint: string;
  /** What the outcome may depend on beside the schema, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Whether the experiments ran in a scratch copy of the schema, or on the tables themselves. */
  readonly on: "tables" | "scratch";
  /** Sorted by parent, child, relation and path. */
  readonly cells: readonly Proof[];
  readonly summary: {
    readonly proven: number;
    readonly contradicted: number;
    readonly unprovable: number;
  };
  /** What is different from an earlier certificate, where one was given. */
  readonly against?: Comparison;
}

/** A certificate beside an earlier one. */
export interface Comparison {
  readonly at: string;
  readonly engine: string;
  readonly sameEngine: boolean;
  readonly sameSchema: boolean;
  /** Settings whose value is another. */
  readonly settings: readonly { readonly name: string; readonly before: string; readonly now: string }[];
  /** Experiments that came out otherwise, are new, or are there no more. */
  readonly changed: readonly {
    readonly cell: string;
    readonly before: ProofVerdict | null;
    readonly now: ProofVerdict | null;
  }[];
}
