import { type Definition, emptyDefinition, readColumn, readEntry } from "./definition.ts";
import { type Draft, withoutColumn } from "./draft.ts";
import { nameIn, type Statement, type TableName, tableNameIn } from "./statements.ts";

/** Does what `ALTER TABLE …` says, after these two words. */
export function alterTable(statement: Statement, draft: Draft): void {
  const { cursor } = statement;
  cursor.takes("if", "exists");
  cursor.takes("only");
  const name = tableNameIn(statement);
  cursor.takesSign("*");
  do {
    alter(statement, draft, name);
    cursor.until(() => cursor.seesSign(","));
  } while (cursor.takesSign(","));
}

function alter(statement: Statement, draft: Draft, table: TableName): void {
  const { cursor } = statement;
  if (cursor.takes("add")) add(statement, draft, table);
  else if (cursor.takes("drop")) drop(statement, draft, table);
  else if (cursor.takes("rename")) rename(statement, draft, table);
  else if (cursor.takes("modify")) redefine(statement, draft, table);
  else if (cursor.takes("change")) {
    cursor.takes("column");
    const old = nameIn(statement);
    const next = cursor.peek();
    redefine(statement, draft, table, old);
    if (next) draft.renameColumn(table, old, next.value);
  } else if (cursor.takes("alter")) alterColumn(statement, draft, table);
  else if (cursor.takes("set", "schema")) draft.rename(table, { ...table, namespace: nameIn(statement) });
}

function add(statement: Statement, draft: Draft, table: TableName): void {
  const { cursor } = statement;
  const into = emptyDefinition();
  if (cursor.takes("column")) {
    cursor.takes("if", "not", "exists");
    readColumn(statement, into);
  } else if (cursor.takesSign("(")) {
    do readEntry(statement, into);
    while (cursor.takesSign(","));
  } else readEntry(statement, into);
  addTo(draft, table, into);
}

export function addTo(draft: Draft, name: TableName, { columns, keys, foreignKeys }: Definition): void {
  draft.change(name, (table) => ({
    ...table,
    columns: [
      ...table.columns,
      ...columns.filter((c) => !table.columns.some((old) => draft.sameColumn(old.name, c.name))),
    ],
    keys: [...table.keys, ...keys],
    foreignKeys: [...table.foreignKeys, ...foreignKeys],
  }));
}

function drop(statement: Statement, draft: Draft, table: TableName): void {
  const { cursor } = statement;
  const ifExists = () => cursor.takes("if", "exists");
  if (cursor.takes("primary", "key")) {
    draft.change(table, (old) => ({ ...old, keys: old.keys.filter((key) => key.kind !== "primary") }));
  } else if (
    ["constraint", "index", "key"].some((word) => cursor.takes(word)) ||
    cursor.takes("foreign", "key")
  ) {
    ifExists();
    draft.dropConstraint(table, nameIn(statement));
  } else {
    cursor.takes("column");
    ifExists();
    const name = nameIn(statement);
    draft.change(table, (old) => withoutColumn(old, (column) => draft.sameColumn(column, name)));
  }
}

function rename(statement: Statement, draft: Draft, table: TableName): void {
  const { cursor } = statement;
  if (cursor.takes("to") || cursor.takes("as")) {
    const to = tableNameIn(statement);
    draft.rename(table, { ...to, namespace: to.namespace ?? table.namespace });
    return;
  }
  const isConstraint = ["constraint", "index", "key"].some((word) => cursor.takes(word));
  if (!isConstraint) cursor.takes("column");
  const from = nameIn(statement);
  cursor.expect("to");
  const to = nameIn(statement);
  if (isConstraint) draft.renameConstraint(table, from, to);
  else draft.renameColumn(table, from, to);
}

/** A column written anew: what it references and its keys stay. */
function redefine(statement: Statement, draft: Draft, table: TableName, old?: string): void {
  statement.cursor.takes("column");
  const into = emptyDefinition();
  readColumn(statement, into);
  const [column] = into.columns;
  if (!column) return;
  draft.change(table, (own) => ({
    ...own,
    columns: own.columns.map((c) =>
      draft.sameColumn(c.name, old ?? column.name) ? { ...c, nullable: column.nullable } : c,
    ),
  }));
}

function alterColumn(statement: Statement, draft: Draft, table: TableName): void {
  const { cursor } = statement;
  cursor.takes("column");
  const name = nameIn(statement);
  const nullable = cursor.sees("drop", "not", "null");
  if (!nullable && !cursor.sees("set", "not", "null")) return;
  draft.change(table, (own) => ({
    ...own,
    columns: own.columns.map((c) => (draft.sameColumn(c.name, name) ? { ...c, nullable } : c)),
  }));
}
