import { OnDeleteError } from "../../../error.ts";

export interface Token {
  /** `word` is an unquoted name or keyword; `name` a quoted one; `string` can be a name too where SQLite takes one. */
  readonly kind: "word" | "name" | "string" | "blob" | "number" | "sign";
  /** The name or string without its quotes; the text itself for the other kinds. */
  readonly value: string;
  /** Where the token begins and ends in the source. */
  readonly start: number;
  readonly end: number;
}

interface Pattern {
  readonly kind: Token["kind"] | "space";
  readonly pattern: RegExp;
  readonly value?: (text: string) => string;
}

const undouble = (quote: string) => (text: string) => text.slice(1, -1).replaceAll(quote + quote, quote);

/**
 * What SQLite's own tokenizer reads, in the order in which it is tried. An unterminated block comment runs to the end.
 * @see https://www.sqlite.org/draft/tokenreq.html
 */
const PATTERNS: readonly Pattern[] = [
  { kind: "space", pattern: /[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y },
  { kind: "blob", pattern: /[xX]'[0-9a-fA-F]*'/y },
  { kind: "string", pattern: /'(?:[^']|'')*'/y, value: undouble("'") },
  { kind: "name", pattern: /"(?:[^"]|"")*"/y, value: undouble('"') },
  { kind: "name", pattern: /`(?:[^`]|``)*`/y, value: undouble("`") },
  { kind: "name", pattern: /\[[^\]]*\]/y, value: (text) => text.slice(1, -1) },
  {
    kind: "number",
    pattern: /0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?/y,
  },
  { kind: "word", pattern: /[A-Za-z_\x80-\uFFFF][A-Za-z0-9_$\x80-\uFFFF]*/y },
  { kind: "sign", pattern: /->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[\s\S]/y },
];

/**
 * The tokens of SQL text, comments and white space left out.
 * @throws {OnDeleteError} `engine-error` for a string or quoted name without end, which SQLite would not have stored
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const { kind, text, value } = tokenAt(source, at);
    if (kind !== "space") tokens.push({ kind, value, start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}

function tokenAt(source: string, at: number) {
  for (const { kind, pattern, value } of PATTERNS) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) continue;
    if (kind === "sign" && "'\"`[".includes(text)) break;
    return { kind, text, value: value ? value(text) : text };
  }
  throw new OnDeleteError(
    "engine-error",
    `A stored definition has a quote that does not end, at ${at}: ${source}`,
  );
}
