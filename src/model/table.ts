import type { InlineIgnore } from "./inline-ignore.ts";

/** Printable id of a table: its name, or `namespace.name` outside the default namespace. */
export type TableId = string;

export interface Column {
  readonly name: string;
  /** The type as the engine prints it, with length, precision and array brackets. */
  readonly type: string;
  /** The type below a domain, with its length; absent for every other type. */
  readonly baseType?: string;
  readonly nullable: boolean;
  /** The default as a SQL expression, null where there is none. */
  readonly default: string | null;
  readonly generated: "stored" | "virtual" | null;
  /** What a generated column is computed from, as SQL; null for other columns. */
  readonly expression: string | null;
  readonly identity: "always" | "by default" | null;
  /** The sequence that fills the column, quoted and qualified; null where there is none. */
  readonly sequence: string | null;
  /** Only where it differs from the type's own; MariaDB's character types have none of their own, so that it is always given. */
  readonly collation: string | null;
  /** The labels of an enum type in their order, null for other types. */
  readonly enumValues: readonly string[] | null;
  /** True where an UPDATE that does not name the column sets it to the current time (MariaDB ON UPDATE CURRENT_TIMESTAMP). */
  readonly movesOnUpdate?: true;
}

/** A set of columns that is unique without a condition, in the order of the constraint or index. */
export interface UniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly nullsDistinct: boolean;
}

export interface Index {
  readonly name: string;
  /** Column names in index order; null where the entry is an expression. */
  readonly columns: readonly (string | null)[];
  readonly unique: boolean;
  /** The condition of a partial index as SQL, null for a full one. */
  readonly predicate: string | null;
  readonly valid: boolean;
  readonly method: string;
  readonly nullsDistinct: boolean;
  /** The entries as expressions that can be evaluated, parallel to `columns`: with their collation, without an order. */
  readonly entries: readonly string[];
  /**
   * The operators by which entries of two rows collide, as SQL and parallel to `columns`: those of an exclusion
   * constraint or of an operator class. Absent where it is the `=` of the type.
   */
  readonly operators?: readonly string[];
}

export interface Check {
  readonly name: string | null;
  /** The condition as SQL, without the word CHECK and its outer parentheses. */
  readonly expression: string;
  readonly enforced: boolean;
  /** True where rows may be there that violate it, so that every update of them is refused (NOT VALID). */
  readonly unvalidated?: true;
}

/** A statement that the engine refuses on a table, whatever the rows. */
export interface Refusal {
  readonly statement: "delete" | "update";
  /** An update is refused where it writes one of these columns, or any column where null. */
  readonly columns: readonly string[] | null;
  /** Why, and what to do about it, as sentences. */
  readonly message: string;
}

export interface Trigger {
  readonly name: string;
  readonly timing: "before" | "after" | "instead of";
  /** Sorted: delete, insert, truncate, update. */
  readonly events: readonly string[];
  readonly level: "row" | "statement";
  readonly enabled: boolean;
}

export interface Table {
  readonly id: TableId;
  readonly name: string;
  readonly namespace: string;
  readonly kind: "table" | "partitioned" | "partition";
  /** The partitioned table at the top that this partition belongs to, null for other tables. */
  readonly partitionOf: TableId | null;
  readonly columns: readonly Column[];
  /** In key order; empty where the table has none. */
  readonly primaryKey: readonly string[];
  /** Unique keys other than the primary key. */
  readonly uniqueKeys: readonly UniqueKey[];
  readonly indexes: readonly Index[];
  readonly checks: readonly Check[];
  /** In the order in which the engine fires them. */
  readonly triggers: readonly Trigger[];
  /** True where row-level security may hide rows from the role that is connected. */
  readonly rowSecurity: boolean;
  /** True where other tables inherit from it, whose rows a statement on it takes along (PostgreSQL INHERITS). */
  readonly inheritors?: true;
  /** True where what is done to it cannot be rolled back (MyISAM, Aria, MEMORY …). */
  readonly nonTransactional?: true;
  /** Absent where the engine takes all statements. */
  readonly refusals?: readonly Refusal[];
  /** What comments on the table and its columns say that `check` is to leave out; absent where they say nothing. */
  readonly ignores?: readonly InlineIgnore[];
  /** Rows by the engine's statistics; null where it keeps none. */
  readonly rowEstimate: number | null;
}

export function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((c) => c.name === name);
  if (!column) throw new Error(`bug in ondelete: ${table.id} has no column ${name}`);
  return column;
}

/**
 * The columns that identify a row: the primary key, else the shortest unique key without nullable columns, else none.
 */
export function identityOf(table: Table): readonly string[] {
  if (table.primaryKey.length > 0) return table.primaryKey;
  const required = (name: string) => !columnOf(table, name).nullable;
  const keys = table.uniqueKeys.filter((key) => key.columns.every(required)).map((key) => key.columns);
  // The shortest, then by the columns' names: not by an order that another index could change.
  return keys.sort((a, b) => a.length - b.length || (a.join() < b.join() ? -1 : 1))[0] ?? [];
}

/** Whether no two rows of the table can agree on all of `columns` (nulls aside). */
export function isUnique(table: Table, columns: readonly string[]): boolean {
  const covers = (key: readonly string[]) => key.length > 0 && key.every((c) => columns.includes(c));
  return covers(table.primaryKey) || table.uniqueKeys.some((key) => covers(key.columns));
}

/**
 * Whether an index finds the rows whose columns equal given values: these lead it in any order, or it holds each
 * combination once and asks for nothing else. What compares them and which rows it leaves out is the engine's to know.
 */
export function findsBy(
  { columns: entries, unique }: Pick<Index, "columns" | "unique">,
  columns: readonly string[],
): boolean {
  const leading = entries.slice(0, columns.length);
  return (
    columns.every((c) => leading.includes(c)) || (unique && entries.every((e) => columns.includes(e ?? "")))
  );
}
