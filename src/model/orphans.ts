import type { Document } from "./model.ts";
import type { Key } from "./plan.ts";
import type { TableId } from "./table.ts";

/** What rows say of a relation that is guessed from a name. */
export interface Evidence {
  /** Rows with a value that were looked at. */
  readonly looked: number;
  /** Those among them whose value names a row of the parent. */
  readonly matched: number;
}

/** The rows of one relation whose reference is complete and finds no row. */
export interface OrphanedRelation {
  /** The relation's id. */
  readonly id: string;
  readonly origin: "declared" | "configured" | "inferred";
  readonly child: TableId;
  readonly parent: TableId;
  /** How many rows there are. */
  readonly rows: number;
  /** Keys of some of them, at most 5. */
  readonly sample: readonly Key[];
  /** Of an inferred relation: what speaks for it. */
  readonly evidence?: Evidence;
}

/** Values of a type column that no polymorphic relation of the policy knows: such rows are never deleted. */
export interface UnknownType {
  readonly child: TableId;
  readonly column: string;
  readonly value: string | null;
  readonly rows: number;
}

export interface Orphans extends Document {
  readonly kind: "orphans";
  /** Every relation that was looked at, sorted by id, also those without orphans. */
  readonly relations: readonly OrphanedRelation[];
  /** Sorted by table, column and value. */
  readonly unknownTypes: readonly UnknownType[];
  readonly totals: { readonly relations: number; readonly rows: number };
}
