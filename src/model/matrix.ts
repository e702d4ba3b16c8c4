import type { Document } from "./model.ts";
import type { TableId } from "./table.ts";

/** What happens to rows of a child when a row of a parent goes, strongest first, and then what qualifies it. */
export const CELL_EFFECTS = [
  "deleted",
  "soft-deleted",
  "set null",
  "set default",
  "blocks",
  "kept",
  "order-dependent",
  "data-dependent",
  "unenforced",
] as const;

export type CellEffect = (typeof CELL_EFFECTS)[number];

/** What happens to rows of one table that hang, directly or by others, off a row of another that is deleted. */
export interface Cell {
  /** Never empty, in the order of {@link CELL_EFFECTS}; `kept` alone where nothing leads from the parent to the child. */
  readonly effect: readonly CellEffect[];
  /**
   * Who does it, the weakest link of the way: `application` where a bare DELETE of the parent does not come to it,
   * `nobody` where a constraint says it and is not enforced; null where nothing happens.
   */
  readonly by: "database" | "application" | "nobody" | null;
  /** The relations of the child by which it happens, sorted. */
  readonly via: readonly string[];
  /** The columns of the child that are set to null or to their default, in the order of the table. */
  readonly columns: readonly string[];
}

/** Tables against tables: what a delete from a parent does to a child, foretold from the schema and the policy. */
export interface Matrix {
  /** Tables that a relation references, sorted. */
  readonly parents: readonly TableId[];
  /** Tables with a relation, sorted. */
  readonly children: readonly TableId[];
  /** By child, then by parent; without the cells of nothing but `kept` where there are more than 10,000 cells. */
  readonly cells: Readonly<Record<TableId, Readonly<Record<TableId, Cell>>>>;
}

export interface MatrixDocument extends Matrix, Document {
  readonly kind: "matrix";
}
