import type { Column } from "../../model/table.ts";
import { raw, type Sql, sql } from "../sql.ts";
import { affinityOf } from "./affinity.ts";

/**
 * A value as the affinity of a column stores it, with the column's collation.
 * @see https://www.sqlite.org/datatype3.html#type_affinity
 */
export function stored(value: Sql, column: Column): Sql {
  const converted = convert(value, column);
  return column.collation === null ? converted : sql`(${converted} collate ${raw(column.collation)})`;
}

function convert(value: Sql, column: Column): Sql {
  switch (affinityOf(column)) {
    case "none":
      return value;
    case "text":
      return sql`case when typeof(${value}) in ('integer', 'real') then cast(${value} as text) else ${value} end`;
    default:
      // The affinity of the cast makes a number of the text beside it, where it looks like one.
      return sql`case when typeof(${value}) = 'text' and ${value} = cast(${value} as numeric) then cast(${value} as numeric) else ${value} end`;
  }
}
