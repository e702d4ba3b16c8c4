import type { TokenCursor } from "../../token-cursor.ts";
import { parseColumn } from "./column.ts";
import { conflictClause, constraintName, type Draft, foreignKey } from "./constraint.ts";
import type { DeclaredTable } from "./declared.ts";
import { cursorOn } from "./stored-definition.ts";

/**
 * Reads a CREATE TABLE statement as sqlite_schema keeps it.
 * @throws {OnDeleteError} `engine-error` where the text is no such statement
 * @see https://www.sqlite.org/lang_createtable.html
 */
export function parseCreateTable(source: string): DeclaredTable {
  const cursor = cursorOn(source);
  const draft: Draft = { cursor, columns: [], checks: [], foreignKeys: [], keys: [] };
  header(cursor);
  cursor.expectSign("(");
  do {
    if (startsTableConstraint(cursor)) tableConstraints(draft);
    else draft.columns.push(parseColumn(draft));
  } while (cursor.takesSign(","));
  cursor.expectSign(")");
  const { columns, checks, foreignKeys, keys } = draft;
  return { columns, checks, foreignKeys, keys, ...tableOptions(cursor) };
}

function header(cursor: TokenCursor): void {
  cursor.expect("create");
  if (!cursor.takes("temp")) cursor.takes("temporary");
  cursor.expect("table");
  cursor.takes("if", "not", "exists");
  cursor.name();
  if (cursor.takesSign(".")) cursor.name();
}

function tableOptions(cursor: TokenCursor): Pick<DeclaredTable, "withoutRowid" | "strict"> {
  let withoutRowid = false;
  let strict = false;
  while (cursor.peek()) {
    if (cursor.takes("without", "rowid")) withoutRowid = true;
    else if (cursor.takes("strict")) strict = true;
    else if (!cursor.takesSign(",")) throw cursor.unexpected();
  }
  return { withoutRowid, strict };
}

/** These are reserved words: no column can have them as an unquoted name. */
function startsTableConstraint(cursor: TokenCursor): boolean {
  return ["constraint", "check", "foreign", "primary", "unique"].some((word) => cursor.sees(word));
}

/** SQLite lets the commas between table constraints be left out. */
function tableConstraints(draft: Draft): void {
  while (startsTableConstraint(draft.cursor)) tableConstraint(draft);
}

function tableConstraint(draft: Draft): void {
  const { cursor } = draft;
  const name = constraintName(cursor);
  if (cursor.takes("check")) {
    draft.checks.push({ name, expression: cursor.parenthesised() });
    conflictClause(cursor);
  } else if (cursor.takes("foreign", "key")) {
    draft.foreignKeys.push(foreignKey(cursor, name, cursor.names()));
  } else if (cursor.takes("primary", "key")) {
    tableKey(draft, name, true);
  } else if (cursor.takes("unique")) {
    tableKey(draft, name, false);
  }
}

function tableKey(draft: Draft, name: string | null, primary: boolean): void {
  const { cursor } = draft;
  cursor.expectSign("(");
  const columns: string[] = [];
  let autoincrement = false;
  do {
    columns.push(cursor.name());
    if (cursor.takes("collate")) cursor.name();
    if (!cursor.takes("asc")) cursor.takes("desc");
    autoincrement ||= cursor.takes("autoincrement");
  } while (cursor.takesSign(","));
  cursor.expectSign(")");
  draft.keys.push({ name, primary, columns, autoincrement, onConflict: conflictClause(cursor) });
}
