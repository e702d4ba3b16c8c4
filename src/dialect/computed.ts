import { withGenerated } from "../model/guards.ts";
import type { Table } from "../model/table.ts";
import { id, list, raw, type Sql, sql } from "./sql.ts";

/**
 * A select of rows with all columns by name, its generated columns that follow from `written` ones computed anew: as
 * often as one of them may follow from another.
 */
export function withComputed(table: Table, written: readonly string[], rows: Sql): Sql {
  const names = withGenerated(
    table,
    written.map((name) => ({ name, toNull: false })),
  ).map((w) => w.name);
  const computed = table.columns.filter((c) => c.expression !== null && names.includes(c.name));
  const values = table.columns.map((c) =>
    computed.includes(c) ? sql`(${raw(c.expression ?? "")}) as ${id(c.name)}` : id(c.name),
  );
  return computed.reduce((inner) => sql`select ${list(values)} from (${inner}) as ${id(table.name)}`, rows);
}
