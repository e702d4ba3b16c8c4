import type { Column } from "../../model/table.ts";
import { decimals, hex, integers, moments, texts, uuid } from "../samples.ts";
import { affinityOf } from "./affinity.ts";

/** Texts of values that the column takes, see `Syntax.samples`: SQLite takes any value, so the declared type is a hint. */
export function samples(column: Column, seed: number): readonly string[] {
  const type = column.type.toUpperCase();
  switch (affinityOf(column)) {
    case "integer":
      return integers(seed, -(2n ** 52n), 2n ** 52n);
    case "real":
      return decimals(seed, 12);
    case "none":
      return [`x'${hex(seed, 8)}'`, String(seed), "a"];
    case "text": {
      const length = Number(/\((\d+)/.exec(type)?.[1] ?? 100);
      return [...texts(seed, length), ...moments(seed, "date and time"), uuid(seed)];
    }
    default:
      if (/BOOL/.test(type)) return ["0", "1"];
      if (/DATE|TIME/.test(type)) return moments(seed, /^DATE$/.test(type) ? "date" : "date and time");
      return decimals(seed, 12);
  }
}
