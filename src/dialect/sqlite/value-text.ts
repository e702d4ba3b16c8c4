import type { Column } from "../../model/table.ts";
import { type Sql, sql } from "../sql.ts";
import { affinityOf, isNumeric } from "./affinity.ts";

/*
 * One notation for every value: integers and text as they are, reals as SQLite writes them exactly, blobs as x'…'.
 * Text that would be read as something else gets an apostrophe in front: text that looks like a blob, and in columns
 * that keep text and numbers apart text that looks like a number.
 */

const BLOB_LIKE = /^'*[xX]'.*'$/s;
const NUMBER_LIKE = /^'*(?!.*[0-9.][-+])[-+.0-9eE]*[0-9][-+.0-9eE]*$/s;
const BLOB = /^[xX]'((?:[0-9a-fA-F]{2})*)'$/;
const INTEGER = /^[+-]?[0-9]+$/;
const REAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** Whether a column keeps text that looks like a number as text beside numbers. */
const keepsApart = (column: Column): boolean => affinityOf(column) === "none";

/** A column's value in the notation above; null stays null. */
export function printValue(value: Sql, column: Column): Sql {
  return sql`case typeof(${value}) when 'text' then ${escaped(value, column)} when 'integer' then cast(${value} as text) when 'real' then quote(${value}) when 'blob' then 'x''' || lower(hex(${value})) || '''' end`;
}

/** The same tests as the patterns above, in SQL; GLOB reads text up to a NUL character, as `visible` does. */
function escaped(value: Sql, column: Column): Sql {
  const bare = sql`ltrim(${value}, '''')`;
  const blobLike = sql`${bare} glob '[xX]''*'''`;
  const numberLike = sql`(${bare} not glob '*[^-+.0-9eE]*' and ${bare} glob '*[0-9]*' and ${bare} not glob '*[0-9.][-+]*')`;
  const special = keepsApart(column) ? sql`(${blobLike} or ${numberLike})` : blobLike;
  return sql`case when ${special} then '''' || ${value} else ${value} end`;
}

function visible(text: string): string {
  const nul = text.indexOf("\0");
  return nul < 0 ? text : text.slice(0, nul);
}

/** Reads the notation back as a parameter that compares with the column as the stored value does. */
export function parseValue(text: string, column: Column): Sql {
  const blob = BLOB.exec(text)?.[1];
  if (blob !== undefined) return sql`${new Uint8Array(Buffer.from(blob, "hex"))}`;
  const apart = keepsApart(column);
  if (text.startsWith("'") && isSpecial(text, apart)) return sql`${text.slice(1)}`;
  if (!apart && !isNumeric(affinityOf(column))) return sql`${text}`;
  if (INTEGER.test(text)) return integer(text);
  return REAL.test(text) ? real(text, apart) : sql`${text}`;
}

function isSpecial(text: string, apart: boolean): boolean {
  const seen = visible(text);
  return BLOB_LIKE.test(seen) || (apart && NUMBER_LIKE.test(seen));
}

/** An integer beyond 64 bits is a REAL in SQLite. */
function integer(text: string): Sql {
  const value = BigInt(text.replace(/^\+/, ""));
  return BigInt.asIntN(64, value) === value ? sql`${value}` : sql`${Number(text)}`;
}

/** A whole real is cast in SQL, because whole numbers are bound as INTEGER; `+` keeps the cast from having an affinity. */
function real(text: string, apart: boolean): Sql {
  const value = Number(text);
  return apart && Number.isSafeInteger(value) ? sql`+cast(${text} as real)` : sql`${value}`;
}
