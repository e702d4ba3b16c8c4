import { inlineIgnores } from "../model/inline-ignore.ts";
import type { SourceIgnore } from "../model/source.ts";
import type { SourceText } from "./definitions.ts";

const COMMENT = /^\s*(?:\/\/|--|\/\*|\*)/;

/**
 * Comments `ondelete-ignore <rule> -- reason`. One behind code holds for its line; one by itself for what comes next,
 * decorators and the lines that belong to them included.
 */
export function ignoresIn(texts: readonly SourceText[]): readonly SourceIgnore[] {
  return texts.flatMap(({ file, text }) => {
    const lines = text.split("\n");
    return lines.flatMap((line, i) =>
      inlineIgnores(line, []).map(({ rule, reason }) => ({
        rule,
        // The end of a block comment is no reason.
        reason: reason?.replace(/\s*\*\/\s*$/, "") || null,
        location: { file, line: i + 1 },
        until: COMMENT.test(line) ? nextDefinition(lines, i + 1) : i + 1,
      })),
    );
  });
}

/** The number, from 1, of the first line from `start` on, from 0, that is no comment and belongs to no decorator. */
function nextDefinition(lines: readonly string[], start: number): number {
  let open = 0;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (open === 0 && (line.trim() === "" || COMMENT.test(line))) continue;
    const isDecorator = open > 0 || line.trim().startsWith("@");
    if (!isDecorator) return at + 1;
    open += (line.match(/[([{]/g)?.length ?? 0) - (line.match(/[)\]}]/g)?.length ?? 0);
  }
  return lines.length;
}
