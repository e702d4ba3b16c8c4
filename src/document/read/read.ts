import { readArrows } from "./arrows.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { readBoxes } from "./boxes.ts";
import { type Above, deletedIn, type Found, modeOf, under } from "./context.ts";
import { inlineText, NAME, NAMES, namesIn } from "./inline.ts";
import { repaired } from "./repair.ts";
import { readSentence } from "./sentences.ts";
import type { List, ReadDocument, Statement } from "./statement.ts";
import { readTable } from "./tables.ts";
import { fromDeletionTree, readTrees } from "./trees.ts";

/**
 * Reads what a Markdown text says about relations and deletes. Knows nothing of any database: names stay as they are
 * written, and what has none of the known forms is passed over.
 */
export function readDocument(markdown: string): ReadDocument {
  const statements: Statement[] = [];
  const lists: List[] = [];
  const sections: string[] = [];
  let headings: { level: number; text: string }[] = [];
  let lead = "";
  /** The list of items that is open: in which place, and whose deletion it is about. */
  let items: Items | null = null;
  for (const block of blocksOf(repaired(markdown))) {
    if (block.kind === "heading") {
      headings = under(headings, block.level, block.text);
      [lead, items] = ["", null];
      continue;
    }
    const titles = headings.map((h) => h.text);
    const above = { heading: titles.at(-1) ?? "", headings: titles, lead };
    if (block.kind !== "line") {
      const found = readBlock(block, above, lists.length);
      statements.push(...found.statements);
      lists.push(...(found.lists ?? []));
      sections.push(...(found.sections ?? []));
      continue;
    }
    const text = inlineText(block.text);
    if (text === "") continue;
    if (block.indent === null) {
      [lead, items] = [text, null];
    } else {
      items ??= openList(above, block.line, lists);
      if (items) {
        statements.push(...fromItem(text, block.line, items));
        continue;
      }
    }
    statements.push(...readSentence(text, block.line, above));
  }
  return { statements: statements.sort((a, b) => a.line - b.line), lists, sections };
}

function readBlock(block: Exclude<Block, { kind: "line" | "heading" }>, above: Above, lists: number): Found {
  if (block.kind === "table") return readTable(block, above, lists);
  const drawing = block.lines.join("\n");
  if (/[▼]/u.test(drawing) && drawing.includes("┌")) return readBoxes(block.lines, block.line);
  const trees = readTrees(block.lines, block.line, lists);
  const arrows = readArrows(block.lines, block.line, above);
  return { ...trees, statements: [...trees.statements, ...arrows.statements] };
}

interface Items {
  readonly deleted: string;
  readonly list: number | null;
}

/** A list below "When a project is deleted" tells what goes along; below such a lead alone it need not tell all. */
function openList(above: Above, line: number, lists: List[]): Items | null {
  const byHeading = deletedIn(above.heading);
  const [, inLead] = /deleted when (?:an? |the )?(.+?) (?:is|are) deleted/iu.exec(above.lead) ?? [];
  if (byHeading === null) return inLead === undefined ? null : { deleted: inLead, list: null };
  // What a table of the section has told, a list of remarks below it does not tell again.
  if (lists.at(-1)?.title === above.heading) return null;
  if (above.lead !== "" && !/delet|remov|clean/iu.test(above.lead)) return null;
  lists.push({
    line,
    title: above.heading,
    kind: "deletion",
    mode: modeOf(above),
    parents: [byHeading],
    children: [],
  });
  return { deleted: byHeading, list: lists.length - 1 };
}

const ALL_FOR = new RegExp(
  `^all (?:(?:of |its |their |the |related )*)(${NAME}(?: ${NAME})?) (?:for|of|in|belonging to|on) (?:that|those|the|this|these|each|its)\\b`,
  "iu",
);
const ONLY_NAMES = new RegExp(`^${NAMES}$`, "u");

function fromItem(text: string, line: number, { deleted: parent, list }: Items): readonly Statement[] {
  const here = { line, text };
  const said = [{ effect: "deleted", columns: [], by: null }] as const;
  const [, one] = ALL_FOR.exec(text) ?? [];
  const children = one === undefined ? (ONLY_NAMES.test(text) ? namesIn(text) : null) : [one];
  if (children) return children.map((child) => ({ kind: "deletion", ...here, parent, child, said, list }));
  return list === null ? [] : fromDeletionTree(text, here, { parent, list });
}
