import { type Lexicon, NUMBER, SPACE, type TokenPattern, WORD } from "../tokens.ts";

/** The text of a comment that begins with `/*!` or `/*M!` is run, so that only its bounds are left out. */
const COMMENTS: TokenPattern = {
  kind: "space",
  pattern: /#[^\n]*|--(?=\s|$)[^\n]*|\/\*(?!M?!)[\s\S]*?(?:\*\/|$)|\/\*M?!\d*|\*\//y,
};

/**
 * What MariaDB reads without ANSI_QUOTES, with names in double quotes too: where DDL has a name there is no string.
 * @see https://mariadb.com/kb/en/comment-syntax/
 */
export const lexicon: Lexicon = {
  patterns: [
    COMMENTS,
    { ...SPACE, pattern: /[ \t\n\f\r\uFEFF]+/y },
    { kind: "blob", pattern: /[xXbB]'[0-9a-fA-F]*'/y },
    {
      kind: "string",
      pattern: /'(?:[^'\\]|\\[\s\S]|'')*'/y,
      value: (text) => text.slice(1, -1).replaceAll("''", "'"),
    },
    { kind: "name", pattern: /`(?:[^`]|``)*`/y, value: (text) => text.slice(1, -1).replaceAll("``", "`") },
    {
      kind: "name",
      pattern: /"(?:[^"\\]|\\[\s\S]|"")*"/y,
      value: (text) => text.slice(1, -1).replaceAll('""', '"'),
    },
    NUMBER,
    WORD,
  ],
  unquoted: (name) => name,
  same: (name) => name.toLowerCase(),
  indexesInTables: true,
  unnamed: ({ kind, table, columns, position }) => {
    if (kind === "primary") return null;
    return kind === "unique" ? (columns[0] ?? null) : `${table}_ibfk_${position}`;
  },
  keepsNames: false,
};
