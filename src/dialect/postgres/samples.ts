import type { Column } from "../../model/table.ts";
import { address, decimals, hex, integers, moments, rotated, texts, times, uuid } from "../samples.ts";

type Samples = (seed: number, length: number | null) => readonly string[];

const INT4 = 2n ** 31n - 1n;
const INT8 = 2n ** 63n - 1n;

const text: Samples = (seed, length) => texts(seed, length ?? 100);
const json: Samples = (seed) => [`{"ondelete": ${seed}}`, "{}", "[]"];
const bits: Samples = (seed, length) => [
  (seed >>> 0)
    .toString(2)
    .padStart(length ?? 1, "0")
    .slice(-(length ?? 1)),
];
const numbered =
  (from: (n: number) => string): Samples =>
  (seed) => [from(seed % 1_000_000_000)];

/** By the type without its length, as `format_type` prints it. @see https://www.postgresql.org/docs/current/datatype.html */
const BY_TYPE: Readonly<Record<string, Samples>> = {
  smallint: (seed) => integers(seed, -(2n ** 15n), 2n ** 15n - 1n),
  integer: (seed) => integers(seed, -INT4 - 1n, INT4),
  bigint: (seed) => integers(seed, -INT8 - 1n, INT8),
  oid: (seed) => integers(seed, 0n, INT4),
  numeric: (seed, digits) => decimals(seed, digits ?? 15),
  real: (seed) => decimals(seed, 6),
  "double precision": (seed) => decimals(seed, 15),
  money: (seed) => decimals(seed, 12),
  text,
  "character varying": text,
  character: (seed, length) => texts(seed, length ?? 1),
  name: (seed) => texts(seed, 60),
  citext: text,
  '"char"': () => ["a", "b"],
  boolean: () => ["false", "true"],
  date: (seed) => moments(seed, "date"),
  "timestamp without time zone": (seed) => moments(seed, "date and time"),
  "timestamp with time zone": (seed) => moments(seed, "date and time").map((t) => `${t}+00`),
  "time without time zone": times,
  "time with time zone": (seed) => times(seed).map((t) => `${t}+00`),
  interval: (seed) => [`${seed % 86_400} seconds`, "1 day"],
  uuid: (seed) => [uuid(seed)],
  json,
  jsonb: json,
  bytea: (seed) => [`\\x${hex(seed, 8)}`, "\\x"],
  inet: (seed) => [address(seed)],
  cidr: (seed) => [`${address(seed)}/32`],
  macaddr: (seed) => [hex(seed, 6)],
  macaddr8: (seed) => [hex(seed, 8)],
  bit: bits,
  "bit varying": bits,
  xml: (seed) => [`<a>${seed}</a>`],
  tsvector: (seed) => [`'a${seed}'`],
  tsquery: (seed) => [`'a${seed}'`],
  point: numbered((n) => `(${n},1)`),
  line: numbered((n) => `{1,1,${n}}`),
  lseg: numbered((n) => `[(0,0),(${n},1)]`),
  box: numbered((n) => `(${n},1),(0,0)`),
  path: numbered((n) => `[(0,0),(${n},1)]`),
  polygon: numbered((n) => `((0,0),(${n},1),(1,1))`),
  circle: numbered((n) => `<(0,0),${n + 1}>`),
  int4range: numbered((n) => `[${n},${n + 1})`),
  int8range: numbered((n) => `[${n},${n + 1})`),
  numrange: numbered((n) => `[${n},${n + 1})`),
  daterange: (seed) => moments(seed, "date").map((day) => `[${day},${day}]`),
  tsrange: (seed) => moments(seed, "date and time").map((at) => `["${at}","${at}"]`),
  tstzrange: (seed) => moments(seed, "date and time").map((at) => `["${at}+00","${at}+00"]`),
  hstore: (seed) => [`"a"=>"${seed}"`],
  ltree: (seed) => [`a${seed}`],
};

/** Texts of values that the column's type takes, see `Syntax.samples`. */
export function samples(column: Column, seed: number): readonly string[] {
  if (column.enumValues) return rotated(column.enumValues, seed);
  const type = column.baseType ?? column.type;
  if (/\[\]$/.test(type) || /multirange$/.test(type)) return ["{}"];
  const plain = type.replace(/\([^()"]*\)/, "").replace(/^\w+\.(citext|hstore|ltree)$/, "$1");
  const length = /\((\d+)(?:,(\d+))?\)/.exec(type);
  const size = length ? Number(length[1]) - Number(length[2] ?? 0) : null;
  // Of times the number in brackets is that of digits behind the second.
  return BY_TYPE[plain]?.(seed, size) ?? (type.startsWith("interval") ? ["1 day"] : []);
}
