import type { Block } from "./blocks.ts";
import { type Above, type Found, modeOf } from "./context.ts";
import { bare, inlineText } from "./inline.ts";
import { isNothing, saidIn } from "./said.ts";
import type { Statement } from "./statement.ts";

type TableBlock = Extract<Block, { readonly kind: "table" }>;

/** Words in the corner of a matrix that is written the other way: parents down, children across. */
const PARENTS_DOWN =
  /↓|^(?:parent|deleted|deleting|when deleting|when deleted|deleted table)(?:$|\s*[\\/])/iu;
const PARENTS_ACROSS = /→|[\\/]\s*(?:parent|delet)/iu;

/**
 * A table of tables against tables: parents across and children down, as long as its corner does not say otherwise.
 * It is one where most of what its cells say can be read, and not all of it is that nothing happens.
 */
export function readMatrix(block: TableBlock, above: Above, list: number): Found {
  const [corner = "", ...across] = block.head.map(inlineText);
  const rows = block.rows.map(({ line, cells: [first = "", ...rest] }) => ({
    line,
    name: bare(inlineText(first)),
    cells: rest.map((cell) => ({ text: inlineText(cell), said: saidIn(inlineText(cell)) })),
  }));
  const cells = rows.flatMap((r) => r.cells).filter((c) => c.text !== "");
  const read = cells.filter((c) => c.said !== null);
  if (read.length * 2 <= cells.length || read.every((c) => isNothing(c.text))) return { statements: [] };
  const down = PARENTS_DOWN.test(corner) && !PARENTS_ACROSS.test(corner);
  const heads = across.map(bare);
  const statements = rows.flatMap((row) =>
    row.cells.flatMap(({ text, said }, i): readonly Statement[] => {
      const [child, parent] = down ? [heads[i] ?? "", row.name] : [row.name, heads[i] ?? ""];
      const where = { line: row.line, text: `${child} | ${parent}: ${bare(text)}`, list };
      if (said === null) return [{ ...where, kind: "unread", reason: "what happens cannot be read" }];
      return said.length === 0 ? [] : [{ ...where, kind: "deletion", parent, child, said }];
    }),
  );
  const names = rows.map((r) => r.name);
  const sides = down ? { parents: names, children: heads } : { parents: heads, children: names };
  const title = above.heading || "matrix";
  return { statements, lists: [{ line: block.line, title, kind: "matrix", mode: modeOf(above), ...sides }] };
}
