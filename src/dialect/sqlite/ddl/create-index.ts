import type { TokenCursor } from "../../token-cursor.ts";
import { cursorOn } from "./stored-definition.ts";

/** What the text of a CREATE INDEX says. */
export interface DeclaredIndex {
  /** The entries as written, with COLLATE, without a direction. */
  readonly entries: readonly string[];
  /** The condition of a partial index; null for a full one. */
  readonly predicate: string | null;
}

/**
 * Reads a CREATE INDEX statement as sqlite_schema keeps it.
 * @throws {OnDeleteError} `engine-error` where the text is no such statement
 * @see https://www.sqlite.org/lang_createindex.html
 */
export function parseCreateIndex(source: string): DeclaredIndex {
  const cursor = cursorOn(source);
  cursor.expect("create");
  cursor.takes("unique");
  cursor.expect("index");
  cursor.takes("if", "not", "exists");
  cursor.name();
  if (cursor.takesSign(".")) cursor.name();
  cursor.expect("on");
  cursor.name();
  cursor.expectSign("(");
  const entries: string[] = [];
  do {
    entries.push(cursor.until(() => seesEnd(cursor, 0) || (seesDirection(cursor) && seesEnd(cursor, 1))));
    if (seesDirection(cursor)) cursor.next();
  } while (cursor.takesSign(","));
  cursor.expectSign(")");
  const predicate = cursor.takes("where") ? cursor.until(() => cursor.seesSign(";")) : null;
  return { entries, predicate };
}

const seesEnd = (cursor: TokenCursor, ahead: number): boolean => {
  const token = cursor.peek(ahead);
  return token?.kind === "sign" && (token.value === "," || token.value === ")");
};

const seesDirection = (cursor: TokenCursor): boolean => cursor.sees("asc") || cursor.sees("desc");
