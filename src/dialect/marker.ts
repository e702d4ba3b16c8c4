import type { Marker } from "../model/marker.ts";
import { columnOf, type Table } from "../model/table.ts";
import { id, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/** A truth value as the column holds it: a boolean, or a number where the engine or the schema has no booleans. */
const truth = (table: Table, marker: Marker, value: boolean): Sql =>
  /bool/i.test(columnOf(table, marker.column).type) ? raw(String(value)) : raw(value ? "1" : "0");

/** Whether a row of an alias is not deleted softly. */
export function isLive(alias: string, table: Table, marker: Marker): Sql {
  const value = id(alias, marker.column);
  if (marker.kind !== "boolean") return sql`${value} is null`;
  const no = truth(table, marker, false);
  return sql`coalesce(${value}, ${no}) = ${no}`;
}

/** What a soft delete writes into the marker now. */
export const deletedNow = (syntax: Syntax, table: Table, marker: Marker): Sql =>
  marker.kind === "boolean"
    ? truth(table, marker, true)
    : syntax.now(marker.kind, columnOf(table, marker.column));
