import type { Column, Table } from "../model/table.ts";
import type { Sql, Statement } from "./sql.ts";

/** A table to be made for the length of a transaction: keys of planned rows. */
export interface ScratchTable {
  readonly name: string;
  /** The table whose columns it holds, with their types and collations. */
  readonly source: Table;
  /** Columns of `source` to hold. */
  readonly columns: readonly string[];
  /** The columns among them that identify a row. */
  readonly key: readonly string[];
  /** Whether it is read level by level: an index on {@link DEPTH} pays then. */
  readonly byDepth?: boolean;
}

/** Name of the integer column that every scratch table has beside its own columns: one that no table has. */
export const DEPTH = "ondelete:depth";

/** What an engine spells its own way. Everything that is the same everywhere is composed by the caller. */
export interface Syntax {
  /** The statement with placeholders. */
  compile(fragment: Sql): Statement;
  /** The statement as text a person can run, values written out. */
  print(fragment: Sql): string;
  /** The table's name, qualified and quoted. */
  table(table: Pick<Table, "namespace" | "name">): Sql;
  /** The table's own rows, as an item of FROM, of UPDATE and of DELETE FROM. */
  rows(table: Pick<Table, "namespace" | "name" | "inheritors">): Sql;
  /** A scratch table's name, qualified and quoted. */
  scratch(name: string): Sql;
  /** Statements that make an empty scratch table with the source's columns and {@link DEPTH}; run them as they are, by `run`. */
  createScratch(table: ScratchTable): readonly Sql[];
  /** A name of ondelete's own tables: `operation`, `archive_part`, `archive_row`. */
  journal(name: string, journal: { readonly schema: string; readonly prefix: string }): Sql;
  /** A column's value as text that loses nothing and that {@link Syntax.value} reads back; null stays null. */
  text(value: Sql, column: Column): Sql;
  /** Text as typed by a user or printed by {@link Syntax.text}, as a value to compare with or write into the column. */
  value(text: string, column: Column): Sql;
  /** Whether a child's value references a parent's, by the rules of the engine's foreign keys (type, collation, affinity). */
  references(child: Sql, childColumn: Column, parent: Sql, parentColumn: Column): Sql;
  /**
   * Whether two values are the same by the engine's equality, nulls included. Where the stored value counts (1.0 is not
   * 1.00) or the type has no equality (json, xml, point), compare what {@link Syntax.text} gives.
   */
  same(left: Sql, right: Sql): Sql;
  /** Whether SQL that yields a truth value is false (null is not false), as a CHECK constraint sees it. */
  isFalse(condition: Sql): Sql;
  /** Join keyword that makes the left side drive where the right side is indexed. */
  readonly drivenJoin: Sql;
  /** Ends a select that locks its rows; null where the engine has no row locks. */
  readonly forUpdate: Sql | null;
  /** Values of columns as one archive image. */
  image(values: readonly { readonly value: Sql; readonly column: Column }[]): Sql;
  /** The value at `position` (from 0) of an archive image, as the column's type. */
  fromImage(image: Sql, position: number, column: Column): Sql;
  /** Between column list and values of an insert that writes identity columns; empty where nothing is needed. */
  readonly overridingIdentity: Sql;
  /** The statement that keeps the sequence of a column ahead of its values; null where nothing is to be done. */
  advanceSequence(table: Table, column: Column): Sql | null;
  /** Statements that switch a table's user triggers on or off in the transaction; null where the engine cannot. */
  userTriggers(table: Table, state: "on" | "off"): readonly Sql[] | null;
  /** The first lines of a script that does what a write transaction does. */
  readonly scriptStart: readonly string[];
}
