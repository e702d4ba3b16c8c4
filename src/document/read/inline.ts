import { Lexer, type Token } from "marked";

/** Around a name that was written as HTML code, so that nothing in it is read as anything else. */
const [OPEN, CLOSE] = ["\ue000", "\ue001"];

/** A name: one in marks, or a word with its dots. */
export const NAME = `(?:${OPEN}[^${CLOSE}]*${CLOSE}(?:\\.${OPEN}[^${CLOSE}]*${CLOSE})?|[\\p{L}\\p{N}_$]+(?:\\.[\\p{L}\\p{N}_$]+)*)`;

/** Names between commas. */
export const NAMES = `${NAME}(?:\\s*(?:,|\\band\\b|&)\\s*(?:and\\s+)?${NAME})*`;

/** The text of a piece of Markdown: no marks of emphasis, no text that is struck through, `<code>` as a name. */
export function inlineText(markdown: string): string {
  return textOf(Lexer.lexInline(markdown, { gfm: true })).trim();
}

function textOf(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "del") return "";
      if (token.type === "html") return htmlText(token.raw);
      if (token.type === "codespan") return token.text;
      if (token.type === "br") return " ";
      if ("tokens" in token && token.tokens) return textOf(token.tokens);
      return decoded("text" in token ? String(token.text) : token.raw);
    })
    .join("");
}

function htmlText(tag: string): string {
  if (tag === "<code>") return OPEN;
  return tag === "</code>" ? CLOSE : "";
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  rarr: "→",
  larr: "←",
};

const decoded = (text: string): string =>
  text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/giu, (all, dec?: string, hex?: string, named?: string) => {
    if (dec) return String.fromCodePoint(Number(dec));
    return hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (ENTITIES[named ?? ""] ?? all);
  });

/** A name without its marks. */
export const bare = (name: string): string => name.replaceAll(OPEN, "").replaceAll(CLOSE, "").trim();

const EACH = new RegExp(NAME, "gu");

/** The names of a list, each as it is written. */
export const namesIn = (text: string): readonly string[] =>
  (text.match(EACH) ?? []).filter((n) => n !== "and").map(bare);

const MARKED = new RegExp(`${OPEN}[^${CLOSE}]*${CLOSE}`, "gu");

/** Splits a text where a pattern is found, outside of names in marks. */
export function splitOutside(text: string, pattern: RegExp): readonly string[] {
  const names: string[] = [];
  const hidden = text.replace(MARKED, (name) => `${OPEN}${names.push(name) - 1}${CLOSE}`);
  return hidden
    .split(pattern)
    .map((part) => part.replace(MARKED, (mark) => names[Number(mark.slice(1, -1))] ?? mark).trim());
}
