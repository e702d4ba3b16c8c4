import type { TokenCursor } from "../../token-cursor.ts";
import {
  conflictClause,
  constraintName,
  type Draft,
  foreignKey,
  seesDeferral,
  takeDeferral,
} from "./constraint.ts";
import type { DeclaredColumn } from "./declared.ts";

/** Reads one column's definition; its checks, keys and foreign keys go to the table's. */
export function parseColumn(draft: Draft): DeclaredColumn {
  const name = draft.cursor.name();
  skipType(draft.cursor);
  let declared: DeclaredColumn = { name, collation: null, default: null, generated: null };
  for (;;) {
    const label = constraintName(draft.cursor);
    const change = columnConstraint(draft, name, label);
    if (!change) return declared;
    declared = { ...declared, ...change };
  }
}

const AFTER_TYPE: readonly string[] = [
  "as",
  "check",
  "collate",
  "constraint",
  "default",
  "deferrable",
  "not",
  "null",
  "primary",
  "references",
  "unique",
];

/** A type is any number of words, quoted or not, and up to two numbers; pragma_table_xinfo tells it. */
function skipType(cursor: TokenCursor): void {
  cursor.until(() => {
    const token = cursor.peek();
    if (token?.kind === "sign") return token.value !== "(";
    if (token?.kind !== "word") return false;
    return AFTER_TYPE.includes(token.value.toLowerCase()) || cursor.sees("generated", "always", "as");
  });
}

/** Takes one column constraint and returns what it says of the column itself; null where none comes next. */
function columnConstraint(draft: Draft, column: string, name: string | null): Partial<DeclaredColumn> | null {
  const { cursor } = draft;
  if (cursor.takes("collate")) return { collation: cursor.name() };
  if (cursor.takes("default")) return { default: defaultValue(cursor) };
  if (cursor.takes("generated", "always", "as") || cursor.takes("as"))
    return { generated: generation(cursor) };
  if (!tableWideConstraint(draft, column, name)) return null;
  return {};
}

function tableWideConstraint(draft: Draft, column: string, name: string | null): boolean {
  const { cursor } = draft;
  if (seesDeferral(cursor)) deferLast(draft);
  else if (cursor.takes("not", "null") || cursor.takes("null")) conflictClause(cursor);
  else if (cursor.takes("check")) draft.checks.push({ name, expression: cursor.parenthesised() });
  else if (cursor.sees("references")) draft.foreignKeys.push(foreignKey(cursor, name, [column]));
  else if (cursor.takes("primary", "key")) columnKey(draft, column, { name, primary: true });
  else if (cursor.takes("unique")) columnKey(draft, column, { name, primary: false });
  else return false;
  return true;
}

/** DEFERRABLE can stand apart from its REFERENCES; it means the last foreign key before it. */
function deferLast(draft: Draft): void {
  const deferral = takeDeferral(draft.cursor);
  const last = draft.foreignKeys.pop();
  if (last) draft.foreignKeys.push({ ...last, ...deferral });
}

function columnKey(
  draft: Draft,
  column: string,
  key: { readonly name: string | null; readonly primary: boolean },
): void {
  const { cursor } = draft;
  if (!cursor.takes("asc")) cursor.takes("desc");
  const onConflict = conflictClause(cursor);
  const autoincrement = cursor.takes("autoincrement");
  draft.keys.push({ ...key, columns: [column], autoincrement, onConflict });
}

function generation(cursor: TokenCursor): DeclaredColumn["generated"] {
  const expression = cursor.parenthesised();
  if (cursor.takes("stored")) return { expression, kind: "stored" };
  cursor.takes("virtual");
  return { expression, kind: "virtual" };
}

const LITERAL_WORDS: readonly string[] = [
  "null",
  "true",
  "false",
  "current_date",
  "current_time",
  "current_timestamp",
];

/** SQLite takes a bare word or a quoted name after DEFAULT for a string; as an expression it would name a column. */
function defaultValue(cursor: TokenCursor): string {
  if (cursor.seesSign("(")) return `(${cursor.parenthesised()})`;
  const sign = cursor.takesSign("-") ? "-" : cursor.takesSign("+") ? "+" : "";
  const { kind, value } = cursor.next();
  const asWritten = kind === "word" && LITERAL_WORDS.includes(value.toLowerCase());
  if (kind === "number" || kind === "blob" || asWritten) return `${sign}${value}`;
  return `${sign}'${value.replaceAll("'", "''")}'`;
}
