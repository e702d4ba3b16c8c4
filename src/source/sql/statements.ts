import { TokenCursor } from "../../dialect/token-cursor.ts";
import { type Lexicon, type Token, tokenize } from "../../dialect/tokens.ts";
import { OnDeleteError } from "../../error.ts";
import type { SourceLocation } from "../../model/finding.ts";
import type { SourceText } from "../definitions.ts";

/** One statement of a file. */
export interface Statement {
  /** Its own; reading begins at its first token. */
  readonly cursor: TokenCursor;
  readonly lexicon: Lexicon;
  readonly location: SourceLocation;
  /** The place of a token. */
  readonly placeOf: (token: Token | undefined) => SourceLocation;
  /** As written, without the semicolon. */
  readonly text: string;
}

/** Where the part of a file begins that takes the migration back, as dbmate and goose mark it. */
export const DOWN = /^--[ \t]*(?:migrate:down|\+goose[ \t]+down)\b/im;

/** Rows of `COPY … FROM stdin`, commands to psql and the marks of drizzle-kit: nothing of SQL. */
const NOT_SQL = /^COPY\b[^;]*\bFROM\s+stdin[^;]*;[\s\S]*?^\\\.$|^\\[^\n]*$|--> statement-breakpoint/gim;

/**
 * The statements of a file, split at semicolons, without those that take it back. The bodies of triggers and routines fall into parts, of which none is
 * DDL.
 *
 * @throws OnDeleteError `source-invalid` for a quote that does not end
 */
export function statementsOf({ file, text }: SourceText, lexicon: Lexicon): readonly Statement[] {
  const down = text.search(DOWN);
  const up = down < 0 ? text : text.slice(0, down);
  const sql = up.replace(NOT_SQL, (rows) => rows.replace(/[^\n]/g, " "));
  const lineAt = linesOf(sql);
  const failure = (what: string) => (at: number) =>
    new OnDeleteError("source-invalid", `${file}:${lineAt(at)} ${what}`, {
      hint: "It is read as the SQL of the engine that is checked.",
    });
  const tokens = tokenize(sql, lexicon, failure("has a quote that does not end."));
  return split(tokens).map((own) => {
    const placeOf = (token: Token | undefined) => ({ file, line: lineAt((token ?? own[0])?.start ?? 0) });
    const unread = failure("has a definition that could not be read.");
    return {
      // What is missing at its end is told of its last line, whatever comes after it.
      cursor: new TokenCursor(sql, own, (at) => unread(Math.min(at, own.at(-1)?.end ?? at))),
      lexicon,
      location: placeOf(own[0]),
      placeOf,
      text: sql.slice(own[0]?.start, own.at(-1)?.end),
    };
  });
}

/** The number of the line, from 1, of a place in a text. */
function linesOf(text: string): (at: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index);
  return (at) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "sign" && token.value === ";") statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((own) => own.length > 0);
}

/** The next name; PostgreSQL folds it where it is not quoted. */
export function nameIn({ cursor, lexicon }: Pick<Statement, "cursor" | "lexicon">): string {
  const isQuoted = cursor.peek()?.kind !== "word";
  const name = cursor.name();
  return isQuoted ? name : lexicon.unquoted(name);
}

/** `( a, b )` as names; orders and collations of an index's entries are passed over, an expression or a prefix is null. */
export function columnsIn(statement: Pick<Statement, "cursor" | "lexicon">): readonly (string | null)[] {
  const { cursor } = statement;
  const columns: (string | null)[] = [];
  cursor.expectSign("(");
  do {
    const isName = !cursor.seesSign("(") && !seesCall(cursor);
    columns.push(isName ? nameIn(statement) : null);
    cursor.until(() => cursor.seesSign(",") || cursor.seesSign(")"));
  } while (cursor.takesSign(","));
  cursor.expectSign(")");
  return columns;
}

/** `lower(email)`, or the length of a prefix, `email(10)`. */
function seesCall(cursor: TokenCursor): boolean {
  const next = cursor.peek(1);
  return next?.kind === "sign" && next.value === "(";
}

/** A table's name with its namespace, where it has one. */
export interface TableName {
  readonly namespace: string | null;
  readonly name: string;
}

export function tableNameIn(statement: Pick<Statement, "cursor" | "lexicon">): TableName {
  const first = nameIn(statement);
  if (!statement.cursor.takesSign(".")) return { namespace: null, name: first };
  return { namespace: first, name: nameIn(statement) };
}
