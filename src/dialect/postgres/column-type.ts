import type { Column } from "../../model/table.ts";

/** The names that a type without length goes by where the plain word means length 1. */
const WITHOUT_LENGTH: Readonly<Record<string, string>> = { character: "bpchar", bit: '"bit"' };

/**
 * The type in which a value of the column is compared and written: no length, because a cast to varchar(3) cuts a key
 * in silence where an assignment fails; no domain, because a domain's cast does both.
 * @see https://www.postgresql.org/docs/current/datatype-character.html
 */
export function comparedType(column: Column): string {
  const type = withoutLength(column.baseType ?? column.type);
  return type === "name" ? "text" : type; // a cast to name cuts at 63 bytes
}

function withoutLength(type: string): string {
  const array = /(\[\])*$/.exec(type)?.[0] ?? "";
  const element = type.slice(0, type.length - array.length);
  if (element.startsWith("interval")) return `interval${array}`; // also "interval year to month", which cuts
  const plain = element.replace(/\([^()"]*\)(?=[^"]*$)/, "");
  return (WITHOUT_LENGTH[plain] ?? plain) + array;
}

/** Whether the column's values are text to the engine's operators; `citext` may be qualified with its schema. */
export const isTextLike = (column: Column): boolean =>
  /^(text|character varying|bpchar|(.*\.)?citext)$/.test(comparedType(column));

/** Whether blanks at the end of the column's values are padding. */
export const isPadded = (column: Column): boolean => comparedType(column) === "bpchar";
