import { addTo, alterTable } from "./alter-table.ts";
import { type Definition, emptyDefinition, readEntry } from "./definition.ts";
import type { Draft } from "./draft.ts";
import { columnsIn, nameIn, type Statement, tableNameIn } from "./statements.ts";

/** Does what a statement does to tables; what is no DDL of tables and indexes does nothing. */
export function apply(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  if (cursor.takes("create")) create(statement, draft);
  else if (cursor.takes("alter", "table")) alterTable(statement, draft);
  else if (cursor.takes("drop", "table")) dropTables(statement, draft);
  else if (cursor.takes("drop", "schema")) dropSchema(statement, draft);
  else if (cursor.takes("drop", "index")) dropIndex(statement, draft);
  else if (cursor.takes("rename", "table")) renameTables(statement, draft);
}

function create(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("or", "replace");
  cursor.takes("unlogged");
  // Temporary tables are nobody's schema.
  if (cursor.takes("table")) createTable(statement, draft);
  else if (cursor.takes("unique", "index")) createUniqueIndex(statement, draft);
}

function createTable(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("if", "not", "exists");
  const name = tableNameIn(statement);
  // CREATE TABLE … AS, LIKE and PARTITION OF define no columns here.
  if (!cursor.takesSign("(") || cursor.sees("select")) return;
  const into = emptyDefinition();
  do {
    readEntry(statement, into);
  } while (cursor.takesSign(","));
  cursor.expectSign(")");
  const options = cursor.until(() => false).toLowerCase();
  const required = requiredByKey(into, options);
  const columns = into.columns.map((c) => (required.includes(c.name) ? { ...c, nullable: false } : c));
  draft.add({ name, ...into, columns, location: statement.location });
}

/**
 * The columns that SQLite requires as those of the key: another name of the rowid, and all in a table that has none or
 * is strict. Other engines require every key.
 *
 * @see https://www.sqlite.org/lang_createtable.html#rowid
 */
function requiredByKey({ columns, keys }: Definition, options: string): readonly string[] {
  const key = keys.find(({ kind }) => kind === "primary")?.columns ?? [];
  if (/\bwithout\s+rowid\b|\bstrict\b/.test(options)) return key;
  const isRowid = key.length === 1 && columns.find((c) => c.name === key[0])?.type === "integer";
  return isRowid ? key : [];
}

function createUniqueIndex(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("concurrently");
  cursor.takes("if", "not", "exists");
  const name = cursor.sees("on") ? null : tableNameIn(statement).name;
  cursor.until(() => cursor.sees("on"));
  cursor.expect("on");
  cursor.takes("only");
  const table = tableNameIn(statement);
  if (cursor.takes("using")) cursor.next();
  const columns = columnsIn(statement);
  const rest = cursor.until(() => cursor.sees("where"));
  // A partial index is no key, and neither is one of expressions.
  if (cursor.sees("where") || !columns.every((c) => c !== null) || /\bwhere\b/i.test(rest)) return;
  addTo(draft, table, { ...emptyDefinition(), keys: [{ kind: "unique", name, columns }] });
}

function dropTables(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("if", "exists");
  const names = [tableNameIn(statement)];
  while (cursor.takesSign(",")) names.push(tableNameIn(statement));
  for (const name of names) draft.drop(name);
  if (cursor.sees("cascade")) for (const name of names) draft.dropReferences(name);
}

function dropSchema(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("if", "exists");
  const schema = nameIn(statement);
  for (const { name } of draft.tables.filter((table) => table.name.namespace === schema)) {
    draft.drop(name);
    draft.dropReferences(name);
  }
}

function dropIndex(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("concurrently");
  cursor.takes("if", "exists");
  const { name } = tableNameIn(statement);
  if (cursor.takes("on")) draft.dropConstraint(tableNameIn(statement), name);
  else draft.dropIndex(name);
}

function renameTables(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  do {
    const from = tableNameIn(statement);
    cursor.expect("to");
    draft.rename(from, tableNameIn(statement));
  } while (cursor.takesSign(","));
}
