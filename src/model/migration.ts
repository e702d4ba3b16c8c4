import type { SourceLocation } from "./finding.ts";
import type { SourceIgnore, SourceRelation } from "./source.ts";
import type { TableId } from "./table.ts";

/** A constraint that a migration adds or drops. */
export type MigratedRelation = Pick<
  SourceRelation,
  "id" | "child" | "columns" | "parent" | "parentColumns" | "onDelete"
>;

/** What a statement of a migration does. */
export type MigrationStep =
  | {
      readonly kind: "foreign-key-added";
      readonly relation: MigratedRelation;
      /** Made NOT VALID, so that old rows are not looked at. */
      readonly notValid: boolean;
      /** The column comes with it and is null in every row, so that there is nothing to look at. */
      readonly columnIsEmpty: boolean;
    }
  | { readonly kind: "foreign-key-dropped"; readonly relation: MigratedRelation }
  | { readonly kind: "constraint-validated"; readonly table: TableId }
  | { readonly kind: "table-created"; readonly table: TableId }
  | { readonly kind: "table-dropped"; readonly table: TableId }
  | { readonly kind: "table-renamed"; readonly table: TableId; readonly to: TableId }
  | { readonly kind: "column-dropped"; readonly table: TableId; readonly column: string }
  | { readonly kind: "rows-removed"; readonly table: TableId; readonly cascade: boolean }
  | { readonly kind: "enforcement-off" }
  /** From here on, or for this statement, a lock is not waited for without end. */
  | { readonly kind: "lock-timeout-set" };

export interface MigrationStatement {
  readonly location: SourceLocation;
  /** Which transaction of its file it runs in, from 0; statements outside of any have each a number of their own. */
  readonly transaction: number;
  /** Whether it runs in a transaction with others, begun by the file or by what runs it. */
  readonly inTransaction: boolean;
  readonly steps: readonly MigrationStep[];
}

/** A file of a migration, as it changes what the files before it have left. */
export interface Migration {
  readonly file: string;
  readonly statements: readonly MigrationStatement[];
  /** Whether there is a file, or a part of this one, that takes it back. */
  readonly hasDown: boolean;
  readonly ignores: readonly SourceIgnore[];
}
