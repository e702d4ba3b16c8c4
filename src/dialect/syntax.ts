import type { Column, Table } from "../model/table.ts";
import type { Sql, Statement } from "./sql.ts";

/** A table to be made for the length of a transaction: keys of planned rows. */
export interface ScratchTable {
  readonly name: string;
  /** The table whose columns it holds, with their types and collations. */
  readonly source: Table;
  /** Columns of `source` to hold. */
  readonly columns: readonly string[];
  /** The columns among them that identify a row, and by which it is found; none where it is read as a whole. */
  readonly key: readonly string[];
  /** Whether it is read level by level: an index on {@link DEPTH} pays then. */
  readonly byDepth?: boolean;
}

/** The rows of a table whose columns equal, by the engine's equality, what a select yields. */
export interface MatchedRows {
  readonly table: Table;
  readonly columns: readonly string[];
  /** Yields a value for each column, in order, as `value_0`, `value_1`, …; each combination once. */
  readonly select: Sql;
  /** What rows have to fulfil beside it; columns are qualified by the table's bare name. */
  readonly where?: Sql;
}

/** An index to be made. */
export interface NewIndex {
  readonly table: Pick<Table, "namespace" | "name" | "kind">;
  readonly name: string;
  readonly columns: readonly string[];
  /** What entries compare by, where constraints compare by the parent's collation; null for a column's own. */
  readonly collations?: readonly (string | null)[];
  readonly unique?: true;
  /** Which rows are in it, where the capability `partialIndexes` is there. */
  readonly where?: Sql;
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
  /** How the journal names the table: so that it is found again where the database is restored under another name. */
  lasting(table: Pick<Table, "id" | "namespace" | "name">): readonly [namespace: string | null, name: string];
  /** The table's own rows, as an item of FROM, of UPDATE and of DELETE FROM. */
  rows(table: Pick<Table, "namespace" | "name" | "inheritors">): Sql;
  /** A scratch table's name, qualified and quoted. */
  scratch(name: string): Sql;
  /** Statements that make an empty scratch table with the source's columns and {@link DEPTH}; run them as they are, by `run`. */
  createScratch(table: ScratchTable): readonly Sql[];
  /**
   * Adds what `select` yields, columns by name, to a scratch table; run it as it is, by `run`. With `snapshot` the rows
   * are those that a SELECT sees, and none of them is locked.
   */
  fillScratch(into: Sql, columns: readonly string[], select: Sql, snapshot: boolean): Sql;
  /** Writes values into rows; a value may name the table's columns, qualified by the table's bare name. */
  updateRows(rows: MatchedRows, values: ReadonlyMap<string, Sql>): Sql;
  deleteRows(rows: MatchedRows): Sql;
  /**
   * About how many rows one DELETE takes best, by measurement: with more of them pages leave the cache and come back.
   * Null where the more the better.
   */
  readonly rowsPerDelete: number | null;
  /** The statement that tells the planner what is in a scratch table; null where it needs none. */
  analyseScratch(name: string): Sql | null;
  /** A name of ondelete's own tables: `operation`, `archive_part`, `archive_chunk`, `work_chunk`, `outbox`. */
  journal(name: string, journal: { readonly schema: string; readonly prefix: string }): Sql;
  /** A column's value as text that loses nothing and that {@link Syntax.value} reads back; null stays null. */
  text(value: Sql, column: Column): Sql;
  /** The text that a text column holds, as it is and compared byte by byte, whatever the column's collation. */
  plainText(value: Sql): Sql;
  /** Text as typed by a user or printed by {@link Syntax.text}, as a value to compare with or write into the column. */
  value(text: string, column: Column): Sql;
  /**
   * Texts, as {@link Syntax.value} reads them, of values that the column's type takes: the first another one for another
   * number, where the type has as many; empty for a type that is not known here.
   */
  samples(column: Column, seed: number): readonly string[];
  /**
   * What the engine has just given to a column that counts, where an own value would move its counter for good, as no
   * rollback takes that back; null where it does.
   */
  readonly lastCounted: Sql | null;
  /** The current time as a marker column of that kind holds it: UTC where the type has no time zone. */
  now(kind: "timestamp" | "seconds" | "milliseconds", column: Column): Sql;
  /** Whether a column that holds a time, as its type or as text, lies before a moment; null where it holds none. */
  isBefore(value: Sql, column: Column, moment: Date): Sql;
  /** A value as an assignment to the column stores it, which compares as the column does; the column's type is not checked. */
  assigned(value: Sql, column: Column): Sql;
  /** The smallest and the largest of a column's values, as text. */
  extremes(value: Sql, column: Column): readonly [Sql, Sql];
  /** Texts as one text: each with its length in characters before it, so that ('a', 'bc') and ('ab', 'c') differ. */
  keyText(texts: readonly Sql[]): Sql;
  /** Texts one after the other; null where one of them is. */
  concat(texts: readonly Sql[]): Sql;
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
  /**
   * Ends a select that locks its rows, of a join those of one alias, and leaves out those that others have locked where
   * `skipLocked`; null where the engine has no row locks.
   */
  readonly forUpdate: ((alias?: string, skipLocked?: boolean) => Sql) | null;
  /** The server's clock in milliseconds since 1970, as an integer. */
  readonly clock: Sql;
  /** Values of columns as one text, an image, that loses nothing. */
  image(values: readonly { readonly value: Sql; readonly column: Column }[]): Sql;
  /**
   * Images, that is what a select yields as `image`, packed by the hundreds: a select of `ordinal`, `rows` (how many they
   * are) and `images` for each pack, which is `bytes` and an image long at most before it is compressed.
   */
  pack(select: Sql, bytes: number): Sql;
  /** A select of what was packed, from a select of `images`: a row for each image, its values by name and type of the columns. */
  unpack(packs: Sql, columns: readonly Column[]): Sql;
  /** Between column list and values of an insert that writes identity columns; empty where nothing is needed. */
  readonly overridingIdentity: Sql;
  /** The statement that keeps the sequence of a column ahead of its values; null where nothing is to be done. */
  advanceSequence(table: Table, column: Column): Sql | null;
  /** Statements that switch a table's user triggers on or off in the transaction; null where the engine cannot. */
  userTriggers(table: Table, state: "on" | "off"): readonly Sql[] | null;
  /**
   * Statements that switch the checks of foreign keys off and on for what this session writes; null where the engine has
   * none or need not. Whoever uses them proves the references.
   */
  readonly foreignKeyChecks: { readonly off: Sql; readonly on: Sql } | null;
  /** The statement that makes an index, in the way that holds up writers least. */
  createIndex(index: NewIndex): Sql;
  /** The first lines of a script that does what a write transaction does. */
  readonly scriptStart: readonly string[];
}
