import type { Column } from "../../model/table.ts";
import { address, decimals, hex, integers, moments, rotated, texts, times, uuid } from "../samples.ts";
import { scaleOf } from "./column-type.ts";

const BITS: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  integer: 32n,
  bigint: 64n,
};

/** An empty point: a reference system of four bytes, then the well-known binary form. */
const POINT = `00000000${"01"}${"01000000"}${"0".repeat(32)}`;

/** Texts of values that the column's type takes, see `Syntax.samples`. @see https://mariadb.com/kb/en/data-types/ */
export function samples(column: Column, seed: number): readonly string[] {
  if (column.enumValues) return rotated(column.enumValues, seed);
  const type = column.type.toLowerCase();
  const word = /^\w+/.exec(type)?.[0] ?? "";
  const length = Number(/\((\d+)/.exec(type)?.[1] ?? 0);
  const bits = BITS[word];
  if (bits !== undefined) return ofBits(seed, bits, type.includes("unsigned"));
  switch (word) {
    case "year":
      return rotated(["2000", "2001", "2024", "1999"], seed);
    case "decimal":
      return decimals(seed, length - scaleOf(column)).filter(
        (n) => !type.includes("unsigned") || !n.startsWith("-"),
      );
    case "float":
      return decimals(seed, 6);
    case "double":
      return decimals(seed, 15);
    case "bit":
      return rotated(["0", "1"], seed);
    case "binary":
      return [hex(seed, length)];
    case "varbinary":
      return [hex(seed, Math.min(length, 8)), ""];
    case "date":
      return moments(seed, "date");
    case "datetime":
    case "timestamp":
      return moments(seed, "date and time");
    case "time":
      return times(seed);
    case "char":
    case "varchar":
      return texts(seed, length);
    case "set":
      return [/'((?:[^']|'')*)'/.exec(column.type)?.[1]?.replaceAll("''", "'") ?? ""];
    case "uuid":
      return [uuid(seed)];
    case "inet4":
      return [address(seed)];
    case "inet6":
      return [`::ffff:${address(seed)}`];
    case "json":
      return ["{}", "[]"];
    case "geometry":
    case "point":
      return [POINT];
  }
  if (/blob$/.test(word)) return [hex(seed, 8)];
  return /text$/.test(word) ? texts(seed, 100) : [];
}

function ofBits(seed: number, bits: bigint, unsigned: boolean): readonly string[] {
  return unsigned
    ? integers(seed, 0n, 2n ** bits - 1n)
    : integers(seed, -(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n);
}
