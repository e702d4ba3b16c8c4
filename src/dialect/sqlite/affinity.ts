import type { Column } from "../../model/table.ts";

/** A column's type affinity; `none` is what SQLite calls BLOB: values stay as they were given. */
export type Affinity = "integer" | "real" | "numeric" | "text" | "none";

/**
 * The affinity that a declared type gives a column. `ANY` is taken for `none`: that is what it means in a STRICT table,
 * and in another one, where it means NUMERIC, no text that looks like a number is ever stored.
 * @see https://www.sqlite.org/datatype3.html#determination_of_column_affinity
 */
export function affinityOf(column: Pick<Column, "type">): Affinity {
  const type = column.type.toUpperCase();
  if (type === "ANY") return "none";
  if (type.includes("INT")) return "integer";
  if (/CHAR|CLOB|TEXT/.test(type)) return "text";
  if (type === "" || type.includes("BLOB")) return "none";
  if (/REAL|FLOA|DOUB/.test(type)) return "real";
  return "numeric";
}

/** Whether text that looks like a number becomes one when it is stored. */
export function isNumeric(affinity: Affinity): boolean {
  return affinity === "integer" || affinity === "real" || affinity === "numeric";
}
