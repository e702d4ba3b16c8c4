import type { Column } from "../../model/table.ts";
import { join, raw, type Sql, sql } from "../sql.ts";

/*
 * An archive image is a JSON array with one string per value (null for null): a letter for the storage class, a colon,
 * the value. `t` text, `h` text with NUL characters as the hex of its bytes, `i` integer, `r` real, `b` blob as hex.
 */

/** Values per parenthesis: SQLite parses an expression no deeper than 1,000, and a table has up to 2,000 columns. */
const CHUNK = 50;

/** @see https://www.sqlite.org/limits.html (SQLITE_LIMIT_EXPR_DEPTH, SQLITE_LIMIT_FUNCTION_ARG) */
export function imageOf(
  values: readonly { readonly value: Sql; readonly column: Column }[],
  signedZero: boolean,
): Sql {
  const entries = values.map(({ value }) => sql`json_quote(${tagged(value, signedZero)})`);
  const chunks: Sql[] = [];
  for (let i = 0; i < entries.length; i += CHUNK) {
    chunks.push(sql`(${join(entries.slice(i, i + CHUNK), " || ',' || ")})`);
  }
  return chunks.length === 0 ? raw("'[]'") : sql`'[' || ${join(chunks, " || ',' || ")} || ']'`;
}

function tagged(value: Sql, signedZero: boolean): Sql {
  const branches = [
    sql`when 'text' then case when instr(${value}, char(0)) > 0 then 'h:' || hex(${value}) else 't:' || ${value} end`,
    sql`when 'integer' then 'i:' || ${value}`,
    sql`when 'real' then 'r:' || ${exactReal(value, signedZero)}`,
    sql`when 'blob' then 'b:' || hex(${value})`,
  ];
  return sql`case typeof(${value}) ${join(branches, " ")} end`;
}

/** quote() is exact but for the sign of zero (measured on 3.53), which only atan2 shows. */
function exactReal(value: Sql, signedZero: boolean): Sql {
  if (!signedZero) return sql`quote(${value})`;
  return sql`case when ${value} = 0 and atan2(${value}, -1) < 0 then '-0.0' else quote(${value}) end`;
}

/** The value at a position of an image, in the storage class that it had. */
export function fromImageAt(image: Sql, position: number): Sql {
  const branches = [
    raw("when 't' then substr(v, 3)"),
    raw("when 'i' then cast(substr(v, 3) as integer)"),
    raw("when 'r' then cast(substr(v, 3) as real)"),
    raw("when 'b' then unhex(substr(v, 3))"),
    raw("when 'h' then cast(unhex(substr(v, 3)) as text)"),
  ];
  const path = raw(`'$[${position}]'`);
  return sql`(select case substr(v, 1, 1) ${join(branches, " ")} end from (select json_extract(${image}, ${path}) as v))`;
}
