import { columns } from "../render/columns.ts";
import { count, plain } from "../render/words.ts";
import type { Check } from "./checksums.ts";
import type { Screen } from "./paragraph.ts";

/** Every table with its counts and its two checksums. */
export interface CheckTable {
  /** What the counts are. */
  readonly heads: readonly string[];
  readonly rows: readonly { readonly check: Check; readonly counts: readonly number[] }[];
  /** What it means that all checksums agree. */
  readonly good: string;
}

/** So many digits of a checksum tell two of them apart; all 64 are in the JSON. */
const DIGITS = 8;
/** The checksums are left out on a screen that is narrower. */
const ROOMY = 78;

export function checkTable({ heads, rows, good }: CheckTable, { colors, width }: Screen): string {
  const roomy = width === null || width >= ROOMY;
  const sums = (texts: readonly string[]) => (roomy ? texts : []);
  const lines = rows.map(({ check, counts }) => [
    plain(check.table),
    ...counts.map(count),
    ...sums([check.expected, check.found].map(({ checksum }) => colors.dim(checksum.slice(0, DIGITS)))),
    check.same ? colors.green("same") : colors.red("DIFFERENT"),
  ]);
  const head = ["", ...heads, ...sums(["checksum", "after"]), ""].map((text) => colors.dim(text));
  const total = heads.map((_, index) => rows.reduce((all, { counts }) => all + (counts[index] ?? 0), 0));
  const last = [colors.dim("total"), ...total.map((n) => colors.bold(count(n))), ...sums(["", ""]), ""];
  const align = `l${"r".repeat(heads.length)}${roomy ? "ll" : ""}l`;
  const wrong = rows.filter(({ check }) => !check.same).map(({ check }) => plain(check.table));
  return [
    columns([head, ...lines, last], align, width),
    wrong.length === 0 ? colors.green(`✓ ${good}`) : colors.red(`✗ Different: ${wrong.join(", ")}.`),
  ].join("\n");
}
