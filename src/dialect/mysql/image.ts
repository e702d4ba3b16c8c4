import type { Column } from "../../model/table.ts";
import { list, raw, type Sql, sql } from "../sql.ts";
import { charsetOf, kindOf } from "./column-type.ts";
import { printValue } from "./value-text.ts";

/** Values as a JSON array of texts and nulls. @see https://mariadb.com/kb/en/json_array/ */
export function imageOf(
  values: readonly { readonly value: Sql; readonly column: Column }[],
  exact: string,
): Sql {
  const texts = values.map(({ value, column }) =>
    ownCharset(column) === null ? printValue(value, column, exact) : sql`hex(${value})`,
  );
  return sql`json_array(${list(texts)})`;
}

/** Character sets of which every character has a place of its own in Unicode. */
const IN_UNICODE = new Set(["utf8mb4", "utf8mb3", "utf8", "latin1", "ascii"]);

/**
 * The character set of a text that has to be kept as its bytes: some have two codes for one character (cp932), or take
 * bytes that are none (cp1251).
 */
function ownCharset(column: Column): string | null {
  if (kindOf(column) !== "text" || column.collation === null) return null;
  const charset = charsetOf(column.collation);
  return IN_UNICODE.has(charset) ? null : charset;
}

/** The value at a position of an image; the column that it is written to reads numbers and dates from their text. */
export function fromImageAt(image: Sql, position: number, column: Column): Sql {
  const item = sql`json_extract(${image}, ${raw(`'$[${position}]'`)})`;
  const text = sql`json_unquote(${item})`;
  return sql`case when json_type(${item}) = 'NULL' then null else ${readBack(text, column)} end`;
}

function readBack(text: Sql, column: Column): Sql {
  const charset = ownCharset(column);
  if (charset !== null) return sql`convert(unhex(${text}) using ${raw(charset)})`;
  switch (kindOf(column)) {
    case "binary":
    case "geometry":
      return sql`unhex(${text})`;
    case "bit":
      return sql`cast(${text} as unsigned)`;
    default:
      return text;
  }
}
