import type { Column } from "../../model/table.ts";
import { list, raw, type Sql, sql } from "../sql.ts";
import { kindOf } from "./column-type.ts";
import { printValue } from "./value-text.ts";

/** Values as a JSON array of texts and nulls. @see https://mariadb.com/kb/en/json_array/ */
export function imageOf(
  values: readonly { readonly value: Sql; readonly column: Column }[],
  exact: string,
): Sql {
  return sql`json_array(${list(values.map(({ value, column }) => printValue(value, column, exact)))})`;
}

/** The value at a position of an image; the column that it is written to reads numbers and dates from their text. */
export function fromImageAt(image: Sql, position: number, column: Column): Sql {
  const item = sql`json_extract(${image}, ${raw(`'$[${position}]'`)})`;
  const text = sql`json_unquote(${item})`;
  return sql`case when json_type(${item}) = 'NULL' then null else ${readBack(text, column)} end`;
}

function readBack(text: Sql, column: Column): Sql {
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
