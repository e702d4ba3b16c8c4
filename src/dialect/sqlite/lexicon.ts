import { OnDeleteError } from "../../error.ts";
import { doubled, type Lexicon, NUMBER, SPACE, type Token, tokenize, WORD } from "../tokens.ts";
import { foldName } from "./name.ts";

/**
 * What SQLite's own tokenizer reads.
 * @see https://www.sqlite.org/draft/tokenreq.html
 */
export const lexicon: Lexicon = {
  patterns: [
    SPACE,
    { kind: "blob", pattern: /[xX]'[0-9a-fA-F]*'/y },
    doubled("string", "'"),
    doubled("name", '"'),
    doubled("name", "`"),
    { kind: "name", pattern: /\[[^\]]*\]/y, value: (text) => text.slice(1, -1) },
    NUMBER,
    WORD,
  ],
  unquoted: (name) => name,
  same: foldName,
  indexesInTables: false,
  unnamed: () => null,
  keepsNames: false,
};

/**
 * The tokens of SQL text, comments and white space left out.
 * @throws {OnDeleteError} `engine-error` for a string or quoted name without end, which SQLite would not have stored
 */
export function tokensOf(source: string): readonly Token[] {
  return tokenize(
    source,
    lexicon,
    (at) =>
      new OnDeleteError(
        "engine-error",
        `A stored definition has a quote that does not end, at ${at}: ${source}`,
      ),
  );
}
