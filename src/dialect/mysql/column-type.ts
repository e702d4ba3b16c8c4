import type { Column } from "../../model/table.ts";

/** How a column's values are written as text and read back. */
export type ValueKind =
  | "integer"
  | "decimal"
  | "float"
  | "double"
  | "bit"
  | "binary"
  | "geometry"
  | "temporal"
  | "text"
  | "other";

const KINDS: Readonly<Record<string, ValueKind>> = {
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  integer: "integer",
  bigint: "integer",
  year: "integer",
  decimal: "decimal",
  float: "float",
  double: "double",
  bit: "bit",
  binary: "binary",
  varbinary: "binary",
  tinyblob: "binary",
  blob: "binary",
  mediumblob: "binary",
  longblob: "binary",
  date: "temporal",
  datetime: "temporal",
  timestamp: "temporal",
  time: "temporal",
  char: "text",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  enum: "text",
  set: "text",
  geometry: "geometry",
  point: "geometry",
  linestring: "geometry",
  polygon: "geometry",
  multipoint: "geometry",
  multilinestring: "geometry",
  multipolygon: "geometry",
  geometrycollection: "geometry",
  geomcollection: "geometry",
};

/** The first word of the type: `int` of `int(11) unsigned`. */
const wordOf = (column: Column): string => /^\w+/.exec(column.type.toLowerCase())?.[0] ?? "";

export const kindOf = (column: Column): ValueKind => KINDS[wordOf(column)] ?? "other";

/** Whether an index can hold only the beginning of its values. */
export const isLong = (column: Column): boolean => /^(tiny|medium|long)?(text|blob)$/.test(wordOf(column));

/** Digits behind the point of a decimal column. */
export const scaleOf = (column: Column): number => Number(/,\s*(\d+)\)/.exec(column.type)?.[1] ?? 0);

/** The character set of a collation, which its name begins with. */
export const charsetOf = (collation: string): string => collation.split("_")[0] ?? "";
