/** A column and what its rows hold: SQL of the row's number `i`, from 1. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: "id" | "reference" | "text";
  /** SQL of `i` that every engine reads; of a text, the parts that are put one after the other. */
  readonly value: string | readonly string[];
  readonly references?: { readonly table: string; readonly onDelete: "cascade" | "set null" | "no action" };
}

export interface TableDefinition {
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly rows: number;
}

/** A database and the row that is deleted from it. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Parents first. */
  readonly tables: readonly TableDefinition[];
  readonly root: { readonly table: string; readonly key: string };
  /** Whether referencing columns have an index. */
  readonly indexed: boolean;
  /** How many rows the delete takes and changes. */
  readonly takes: { readonly deleted: number; readonly updated: number };
}

export const id: ColumnDefinition = { name: "id", type: "id", value: "i" };

/** A column that references another table by the number that `value` yields. */
export const reference = (
  table: string,
  value: string,
  options: { readonly name?: string; readonly onDelete?: "cascade" | "set null" | "no action" } = {},
): ColumnDefinition => ({
  name: options.name ?? `${table.replace(/ies$/, "y").replace(/s$/, "")}_id`,
  type: "reference",
  value,
  references: { table, onDelete: options.onDelete ?? "cascade" },
});

/** Some 170 characters of text that is not the same in two rows: a row takes about 200 bytes. */
export const message: ColumnDefinition = {
  name: "message",
  type: "text",
  value: [
    "'step '",
    "i",
    "' of the analysis has read '",
    "i * 7919 % 1000003",
    "' records from partition '",
    "i % 64",
    "', kept '",
    "i * 104729 % 99991",
    "' of them and written the others to the log of run '",
    "i * 31 % 65521",
    "'; next: '",
    "i * 15485863 % 2147483647",
    "', '",
    "i * 49979687 % 2147483647",
  ],
};

export const name: ColumnDefinition = { name: "name", type: "text", value: ["'name '", "i"] };
