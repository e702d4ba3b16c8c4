import type { Found } from "./context.ts";
import { NAME } from "./inline.ts";
import { actionIn, handIn } from "./said.ts";
import type { Statement } from "./statement.ts";

interface Box {
  readonly name: string;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

interface Point {
  readonly row: number;
  readonly column: number;
}

const UP = "│┃|┴┼┤├└┘▲";
const DOWN = "│┃|┬┼┤├┌┐▼";
const LEFT = "─━┬┴┼┤┐┘";
const RIGHT = "─━┬┴┼├┌└";

/** Boxes of line characters, and lines that lead from below a box to the arrows above others. */
export function readBoxes(lines: readonly string[], start: number): Found {
  const grid = lines.map((line) => [...line]);
  const at = (row: number, column: number) => grid[row]?.[column] ?? " ";
  const boxes = boxesOf(grid, at);
  const inside = ({ row, column }: Point) =>
    boxes.some((b) => row >= b.top && row <= b.bottom && column >= b.left && column <= b.right);
  return {
    statements: boxes.flatMap((box) =>
      exits(box, at).flatMap((from) =>
        follow(from, at, inside).flatMap((ends) => edges(box, ends, { boxes, lines, start })),
      ),
    ),
  };
}

type At = (row: number, column: number) => string;

function boxesOf(grid: readonly (readonly string[])[], at: At): readonly Box[] {
  const boxes: Box[] = [];
  for (const [top, line] of grid.entries()) {
    for (const [left, c] of line.entries()) {
      if (c !== "┌") continue;
      const right = end(line, left);
      if (right === null) continue;
      const bottom = grid.findIndex((_, row) => row > top && at(row, left) === "└" && at(row, right) === "┘");
      if (bottom < 0) continue;
      const texts = grid.slice(top + 1, bottom).map((l) =>
        l
          .slice(left + 1, right)
          .join("")
          .replace(/[│|]/gu, "")
          .trim(),
      );
      boxes.push({ name: texts.find((t) => t !== "") ?? "", top, bottom, left, right });
    }
  }
  return boxes;
}

/** Where the upper edge that begins at `left` ends; null where it is no edge of a box. */
function end(line: readonly string[], left: number): number | null {
  for (let i = left + 1; i < line.length; i++) {
    if (line[i] === "┐") return i;
    if (!"─━┬┴┼".includes(line[i] ?? " ")) return null;
  }
  return null;
}

const exits = (box: Box, at: At): readonly Point[] =>
  Array.from({ length: box.right - box.left + 1 }, (_, i) => ({
    row: box.bottom,
    column: box.left + i,
  })).filter((p) => at(p.row, p.column) === "┬");

interface Ends {
  readonly arrows: readonly Point[];
  readonly line: readonly Point[];
}

/** All that is drawn from a point on, outside of boxes. */
function follow(from: Point, at: At, inside: (p: Point) => boolean): readonly Ends[] {
  const seen = new Map<string, Point>();
  const open: Point[] = [{ row: from.row + 1, column: from.column }];
  while (open.length > 0) {
    const p = open.pop() as Point;
    const c = at(p.row, p.column);
    if (seen.has(`${p.row},${p.column}`) || inside(p) || !`${UP}${DOWN}${LEFT}${RIGHT}`.includes(c)) continue;
    seen.set(`${p.row},${p.column}`, p);
    if (c === "▼") continue;
    const next = (row: number, column: number, there: string) => {
      if (there.includes(at(row, column))) open.push({ row, column });
    };
    if (DOWN.includes(c)) next(p.row + 1, p.column, `${UP}▼`);
    if (UP.includes(c)) next(p.row - 1, p.column, DOWN);
    if (RIGHT.includes(c)) next(p.row, p.column + 1, LEFT);
    if (LEFT.includes(c)) next(p.row, p.column - 1, RIGHT);
  }
  const line = [...seen.values()];
  return line.length === 0 ? [] : [{ line, arrows: line.filter((p) => at(p.row, p.column) === "▼") }];
}

const LABEL =
  /^\s?((?:ORM |DB )?(?:ON DELETE )?(?:CASCADE|SET NULL|SET DEFAULT|RESTRICT|NO ACTION))(?:\s*\(([^()│]*)\))?/u;

function edges(
  box: Box,
  { arrows, line }: Ends,
  {
    boxes,
    lines,
    start,
  }: { readonly boxes: readonly Box[]; readonly lines: readonly string[]; readonly start: number },
): readonly Statement[] {
  const labels = line.flatMap((p) => {
    const found = LABEL.exec([...(lines[p.row] ?? "")].slice(p.column + 1).join(""));
    return found
      ? [{ row: p.row, text: found[0].trim(), action: found[1] ?? "", columns: found[2] ?? "" }]
      : [];
  });
  const [label] = labels.sort((a, b) => a.row - b.row);
  const isColumn = label !== undefined && new RegExp(`^${NAME}$`, "u").test(label.columns);
  return arrows.flatMap((arrow): readonly Statement[] => {
    const target = boxes.find(
      (b) => b.top === arrow.row + 1 && arrow.column >= b.left && arrow.column <= b.right,
    );
    if (!target || /^(?:\.\.\.|…)$/u.test(target.name)) return [];
    return [
      {
        kind: "relation",
        line: start + (label?.row ?? arrow.row),
        text: `${box.name} → ${target.name}${label ? ` ${label.text}` : ""}`,
        child: target.name,
        columns: isColumn ? [label.columns] : [],
        parent: box.name,
        action: label ? actionIn(label.action) : null,
        by: label ? handIn(label.action) : null,
        eitherWay: false,
      },
    ];
  });
}
