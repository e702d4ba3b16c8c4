import type { Marker } from "./marker.ts";
import type { Cell, CellEffect, Matrix, MatrixDocument } from "./matrix.ts";
import type { ReferentialAction, Relation } from "./relation.ts";
import type { Column, Index, TableId, Trigger, UniqueKey } from "./table.ts";

export const DOCUMENT_FORMATS = ["markdown", "html", "mermaid", "dot", "dbml", "json"] as const;

/** How a documentation can be written down. */
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number];

/** A table, without what changes while nobody changes the schema: row counts and sequences. */
export interface DocumentedTable {
  readonly id: TableId;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly uniqueKeys: readonly UniqueKey[];
  readonly indexes: readonly Index[];
  readonly triggers: readonly Trigger[];
  readonly kind: "table" | "partitioned" | "partition";
  readonly partitionOf: TableId | null;
  readonly softDelete: Marker | null;
}

/** A relation as deletes by ondelete follow it. */
export interface DocumentedRelation extends Relation {
  /** What the constraint on these columns does by itself; null where there is none. */
  readonly constraint: ReferentialAction | null;
}

/** One thing that happens to rows of a table when rows of another are deleted. */
export interface Consequence {
  readonly table: TableId;
  readonly effect: CellEffect;
  readonly by: Cell["by"];
  /** The columns that are set, in the order of the relation. */
  readonly columns: readonly string[];
  /** The relation by which it happens. */
  readonly relation: string;
  /** The tables on the way, the deleted one first and `table` last. */
  readonly chain: readonly TableId[];
}

/** What deleting rows of a table does to others. */
export interface Deletion {
  readonly table: TableId;
  /** Sorted by table and relation. */
  readonly consequences: readonly Consequence[];
}

export type NoteKind =
  | "application"
  | "unenforced"
  | "not validated"
  | "polymorphic"
  | "external"
  | "order-dependent"
  | "trigger"
  | "protected"
  | "no index"
  | "not shown";

/** What has to be known beside tables, relations and matrix. */
export interface Note {
  readonly kind: NoteKind;
  /** The relation, the table or the cell it is about. */
  readonly object: string;
  readonly message: string;
}

/** All that can be told of a database's relations and deletes without looking at rows. */
export interface Documentation extends MatrixDocument {
  /** Sorted by id. */
  readonly tables: readonly DocumentedTable[];
  /** Sorted by id. */
  readonly relations: readonly DocumentedRelation[];
  /** Of every table that others reference, sorted. */
  readonly deletions: readonly Deletion[];
  /** What a soft delete does, of parents with a marker; null where no table has one. */
  readonly soft: Matrix | null;
  /** Sorted by kind, in the order of {@link NoteKind}, and object. */
  readonly notes: readonly Note[];
}
