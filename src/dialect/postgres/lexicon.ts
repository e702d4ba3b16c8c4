import { doubled, type Lexicon, NUMBER, SPACE, WORD } from "../tokens.ts";

/**
 * What PostgreSQL's own scanner reads. Comments that are nested end at the first end.
 * @see https://www.postgresql.org/docs/current/sql-syntax-lexical.html
 */
export const lexicon: Lexicon = {
  patterns: [
    SPACE,
    { kind: "blob", pattern: /[xXbB]'[0-9a-fA-F]*'/y },
    { kind: "string", pattern: /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y },
    doubled("string", "'"),
    { kind: "string", pattern: /\$([A-Za-z_\x80-\uFFFF][\w\x80-\uFFFF]*)?\$[\s\S]*?\$\1\$/y },
    doubled("name", '"'),
    NUMBER,
    WORD,
  ],
  unquoted: (name) => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  same: (name) => name,
  indexesInTables: false,
  unnamed: ({ kind, table, columns }) => {
    if (kind === "primary") return `${table}_pkey`;
    return [table, ...columns, kind === "unique" ? "key" : "fkey"].join("_");
  },
  keepsNames: true,
};
