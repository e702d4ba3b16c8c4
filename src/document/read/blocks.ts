import { marked, type Tokens } from "marked";

/** A part of a Markdown text that statements stand in; `line` is that of its first line, from 1. */
export type Block =
  | { readonly kind: "heading"; readonly line: number; readonly level: number; readonly text: string }
  | {
      readonly kind: "table";
      readonly line: number;
      readonly head: readonly string[];
      readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
    }
  | { readonly kind: "text"; readonly line: number; readonly lines: readonly string[] }
  | { readonly kind: "line"; readonly line: number; readonly indent: number | null; readonly text: string };

const TEXT = new Set(["", "text", "txt", "plain", "plaintext", "ascii"]);

/** The blocks of a text in its order: headings, tables, drawings of text, and lines of paragraphs and lists. */
export function blocksOf(markdown: string): readonly Block[] {
  let line = 1;
  return marked.lexer(markdown, { gfm: true }).flatMap((token) => {
    const start = line;
    line += token.raw.split("\n").length - 1;
    return blockOf(token as Tokens.Generic, start);
  });
}

function blockOf(token: Tokens.Generic, line: number): readonly Block[] {
  switch (token.type) {
    case "heading":
      return [{ kind: "heading", line, level: token.depth, text: token.text }];
    case "table":
      return [tableOf(token as Tokens.Table, line)];
    case "code":
      return codeOf(token as Tokens.Code, line);
    case "paragraph":
    case "list":
    case "blockquote":
      return linesOf(token.raw, line);
    default:
      return [];
  }
}

function tableOf(token: Tokens.Table, line: number): Block {
  return {
    kind: "table",
    line,
    head: token.header.map((c) => c.text),
    rows: token.rows.map((row, i) => ({ line: line + 2 + i, cells: row.map((c) => c.text) })),
  };
}

function codeOf(token: Tokens.Code, line: number): readonly Block[] {
  const fenced = token.codeBlockStyle !== "indented";
  if (!TEXT.has((token.lang ?? "").toLowerCase())) return [];
  return [{ kind: "text", line: fenced ? line + 1 : line, lines: token.text.split("\n") }];
}

/** Lists and paragraphs line by line, with how far an item is indented; drawings within a list are left out. */
function linesOf(raw: string, line: number): readonly Block[] {
  let fenced = false;
  return raw.split("\n").flatMap((whole, i): readonly Block[] => {
    if (/^\s*(?:```|~~~)/u.test(whole)) fenced = !fenced;
    if (fenced || whole.trim() === "") return [];
    const [, quote = "", bullet, text = ""] =
      /^(\s*(?:>\s*)*)([-*+]\s+(?:\[[ x]\]\s+)?|\d+[.)]\s+)?(.*)$/iu.exec(whole) ?? [];
    return [{ kind: "line", line: line + i, indent: bullet ? quote.length : null, text }];
  });
}
