import type { Table } from "../model/table.ts";
import { type Slice, setSlice } from "./change.ts";
import type { References } from "./planned.ts";
import { allOf, id, raw, type Sql, sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/** Items of FROM: the rows of a table, as `t`, that reference rows of a set, as `s`, or of a slice of it, by columns of the same type. */
export function rowsReferencing(
  syntax: Syntax,
  table: Table,
  { relation, parents }: References,
  slice: Slice | null = null,
): Sql {
  const on = relation.columns.map((c, i) => sql`${id("t", c)} = ${id("s", relation.parentColumns[i] ?? "")}`);
  const keyword = relation.indexed ? syntax.drivenJoin : raw("join");
  return sql`${setSlice(parents, slice)} as s ${keyword} ${syntax.rows(table)} as t on ${allOf(on)}`;
}
