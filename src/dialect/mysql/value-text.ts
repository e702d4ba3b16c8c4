import { OnDeleteError } from "../../error.ts";
import type { Column } from "../../model/table.ts";
import { raw, type Sql, sql } from "../sql.ts";
import { kindOf, scaleOf } from "./column-type.ts";

/** A value as text that loses nothing and compares byte by byte, in the collation given. */
export function printValue(value: Sql, column: Column, exact: string): Sql {
  return sql`convert(${printed(value, column)} using utf8mb4) collate ${raw(exact)}`;
}

function printed(value: Sql, column: Column): Sql {
  switch (kindOf(column)) {
    case "binary":
    case "geometry":
      return sql`hex(${value})`;
    case "bit":
      return sql`cast(${value} + 0 as char)`;
    case "float":
      // A float prints six digits, which are not enough to read the same value back; as a double it prints them all.
      return sql`cast(cast(${value} as double) as char)`;
    case "text":
      return value;
    default:
      return sql`cast(${value} as char)`;
  }
}

const PATTERNS: Partial<Record<ReturnType<typeof kindOf>, RegExp>> = {
  integer: /^[+-]?\d+$/,
  decimal: /^[+-]?(\d+\.?\d*|\.\d+)$/,
  float: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  double: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  bit: /^\d+$/,
  binary: /^(0x)?([0-9a-f]{2})*$/i,
  geometry: /^([0-9a-f]{2})*$/i,
  temporal: /^-?\d[\d:. T-]*$/,
};

/**
 * Text as a value of the column. The server would take 'abc' for the number 0, with a warning that nobody reads.
 * @throws `bad-key` where it is none
 */
export function parseValue(text: string, column: Column): Sql {
  const pattern = PATTERNS[kindOf(column)];
  if (pattern && !pattern.test(text.trim())) throw misfit(text, column);
  if (kindOf(column) === "integer" && !fitsInteger(BigInt(text.trim()))) throw misfit(text, column);
  return typedValue(sql`${kindOf(column) === "binary" ? text.trim().replace(/^0x/i, "") : text}`, column, {
    negative: text.trim().startsWith("-"),
  });
}

const fitsInteger = (value: bigint): boolean => value >= -(2n ** 63n) && value < 2n ** 64n;

const HEXADECIMAL = new Set<ReturnType<typeof kindOf>>(["binary", "geometry"]);

const misfit = (text: string, column: Column) =>
  new OnDeleteError(
    "bad-key",
    `${text} is no value of column ${column.name}, whose type is ${column.type}.`,
    {
      ...(HEXADECIMAL.has(kindOf(column)) ? { hint: "Write its bytes in hexadecimal." } : {}),
      details: { column: column.name, type: column.type },
    },
  );

/** Text that {@link printValue} made, as a value to write into the column. */
function typedValue(text: Sql, column: Column, number: { readonly negative: boolean }): Sql {
  switch (kindOf(column)) {
    case "integer":
      return number.negative ? sql`cast(${text} as signed)` : sql`cast(${text} as unsigned)`;
    case "decimal":
      return sql`cast(${text} as decimal(65, ${raw(String(scaleOf(column)))}))`;
    case "float":
    case "double":
      return sql`cast(${text} as double)`;
    case "bit":
      return sql`cast(${text} as unsigned)`;
    case "binary":
    case "geometry":
      return sql`unhex(${text})`;
    default:
      return text;
  }
}
