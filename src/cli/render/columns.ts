import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";

const GAP = "   ";
const LEAST = 24;

/**
 * Rows in aligned columns without borders.
 *
 * @param align one letter a column: `l` left, `r` right
 * @param width columns of the screen: the last column wraps to fit; null for no limit
 */
export function columns(rows: readonly (readonly string[])[], align: string, width: number | null): string {
  if (rows.length === 0) return "";
  const table = new Table({
    chars: NO_BORDERS,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colAligns: [...align].map((letter) => (letter === "r" ? "right" : "left")),
    colWidths: width === null ? [] : widths(rows, align.length, width),
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().replace(/[ \t]+$/gm, "");
}

/** All columns as wide as their text, the last one as wide as the rest of the screen where it needs more. */
function widths(rows: readonly (readonly string[])[], size: number, width: number): (number | null)[] {
  const texts = Array.from({ length: size }, (_, i) => Math.max(...rows.map((row) => length(row[i] ?? ""))));
  const before = texts.slice(0, -1).reduce((sum, w) => sum + w + GAP.length, 0);
  const rest = Math.max(LEAST, width - before);
  const last = texts.at(-1) ?? 0;
  return [...texts.slice(0, -1).map(() => null), last > rest ? rest : null];
}

const length = (text: string) =>
  Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length));

const NO_BORDERS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: GAP,
};
