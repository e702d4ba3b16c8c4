/** A piece of SQL text. */
export interface Token {
  /** `word` is an unquoted name or keyword; `name` a quoted one; `string` can be a name too where SQLite takes one. */
  readonly kind: "word" | "name" | "string" | "blob" | "number" | "sign";
  /** The name or string without its quotes; the text itself for the other kinds. */
  readonly value: string;
  /** Where the token begins and ends in the source. */
  readonly start: number;
  readonly end: number;
}

export interface TokenPattern {
  readonly kind: Token["kind"] | "space";
  /** Sticky. */
  readonly pattern: RegExp;
  readonly value?: (text: string) => string;
}

/** How an engine reads SQL text. */
export interface Lexicon {
  /** In the order in which they are tried; where none fits, a single character is a sign. */
  readonly patterns: readonly TokenPattern[];
  /** What a name without quotes is called: PostgreSQL folds it. */
  readonly unquoted: (name: string) => string;
  /** A text that is equal for names that the engine takes for the same. */
  readonly same: (name: string) => string;
  /** `KEY` and `INDEX` begin an entry of a table's definition, and are no names of columns without quotes. */
  readonly indexesInTables: boolean;
  /** What the engine calls a constraint that is given no name; null where it has none then. */
  readonly unnamed: (constraint: UnnamedConstraint) => string | null;
  /** Such a name stays as the table was called when it was given; where false, it follows the table's. */
  readonly keepsNames: boolean;
}

export interface UnnamedConstraint {
  readonly kind: "primary" | "unique" | "foreign";
  readonly table: string;
  readonly columns: readonly string[];
  /** Among the table's foreign keys that were made without a name, from 1. */
  readonly position: number;
}

/** Names or strings in a quote that is doubled inside. */
export const doubled = (kind: "name" | "string", quote: string): TokenPattern => ({
  kind,
  pattern: new RegExp(`${quote}(?:[^${quote}]|${quote}${quote})*${quote}`, "y"),
  value: (text) => text.slice(1, -1).replaceAll(quote + quote, quote),
});

/** White space and the comments that every engine knows. An unterminated block comment runs to the end. */
export const SPACE: TokenPattern = {
  kind: "space",
  pattern: /[ \t\n\f\r\uFEFF]+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y,
};

export const NUMBER: TokenPattern = {
  kind: "number",
  pattern: /0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?/y,
};

export const WORD: TokenPattern = { kind: "word", pattern: /[A-Za-z_\x80-\uFFFF][A-Za-z0-9_$\x80-\uFFFF]*/y };

const SIGN: TokenPattern = { kind: "sign", pattern: /->>|->|\|\||<<|>>|<=|>=|<>|!=|==|[\s\S]/y };

/**
 * The tokens of SQL text, comments and white space left out.
 * @throws what `unended` makes for a string or quoted name without end, given where it begins
 */
export function tokenize(
  source: string,
  { patterns }: Lexicon,
  unended: (at: number) => Error,
): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const found = tokenAt(source, at, patterns);
    if (!found) throw unended(at);
    const { kind, text, value } = found;
    if (kind !== "space") tokens.push({ kind, value, start: at, end: at + text.length });
    at += text.length;
  }
  return tokens;
}

/** Null for a quote that does not end. */
function tokenAt(source: string, at: number, patterns: readonly TokenPattern[]) {
  for (const { kind, pattern, value } of [...patterns, SIGN]) {
    pattern.lastIndex = at;
    const text = pattern.exec(source)?.[0];
    if (text === undefined) continue;
    if (kind === "sign" && quotes(patterns, text)) return null;
    return { kind, text, value: value ? value(text) : text };
  }
  return null;
}

/** Whether a sign is one that would begin a name or a string, if that ended. */
const quotes = (patterns: readonly TokenPattern[], sign: string): boolean =>
  patterns.some(
    ({ kind, pattern }) =>
      (kind === "name" || kind === "string") && pattern.source.startsWith(sign === "[" ? "\\[" : sign),
  );
