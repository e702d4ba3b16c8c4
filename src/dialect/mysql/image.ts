import type { Column } from "../../model/table.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";
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

/**
 * Compressed JSON arrays of images. GROUP_CONCAT cuts off what is longer than a packet may be, with a warning that nobody
 * reads: such a pack is null, which its column refuses.
 * @see https://mariadb.com/kb/en/group_concat/
 */
export function pack(select: Sql, bytes: number): Sql {
  const images = raw("group_concat(image separator ',')");
  const whole = sql`octet_length(${images}) = sum(octet_length(image)) + count(*) - 1`;
  const packed = sql`case when ${whole} then compress(concat('[', ${images}, ']')) end`;
  return sql`select ordinal, count(*) as ${id("rows")}, ${packed} as images from (select image, sum(octet_length(image)) over (order by null rows unbounded preceding) div ${raw(String(bytes))} as ordinal from (${select}) as i) as p group by ordinal`;
}

/** Columns read numbers and dates from their text. @see https://mariadb.com/kb/en/json_table/ */
export function unpack(packs: Sql, columns: readonly Column[]): Sql {
  const paths = columns.map((_, i) => raw(`v${i} longtext path '$[${i}]'`));
  const values = columns.map((column, i) => sql`${readBack(id("r", `v${i}`), column)} as ${id(column.name)}`);
  return sql`select ${list(values)} from (${packs}) as p join json_table(convert(uncompress(p.images) using utf8mb4), '$[*]' columns (${list(paths)})) as r`;
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
