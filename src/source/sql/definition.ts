import type { ReferentialAction } from "../../model/relation.ts";
import type { DraftColumn, DraftForeignKey, DraftKey } from "./draft.ts";
import { columnsIn, nameIn, type Statement, tableNameIn } from "./statements.ts";

/** What the entries of a table's definition add to it. */
export interface Definition {
  readonly columns: DraftColumn[];
  readonly keys: DraftKey[];
  readonly foreignKeys: DraftForeignKey[];
}

export const emptyDefinition = (): Definition => ({ columns: [], keys: [], foreignKeys: [] });

const CONSTRAINTS = ["constraint", "primary", "unique", "foreign", "check", "exclude", "like", "period"];
const INDEXES = ["key", "index", "fulltext", "spatial"];

/** Reads a column, a constraint or an index, up to the comma or parenthesis behind it. */
export function readEntry(statement: Statement, into: Definition): void {
  const { cursor, lexicon } = statement;
  const words = lexicon.indexesInTables ? [...CONSTRAINTS, ...INDEXES] : CONSTRAINTS;
  if (words.some((word) => cursor.sees(word))) readConstraint(statement, into);
  else readColumn(statement, into);
  skipEntry(statement);
}

const skipEntry = ({ cursor }: Statement): string =>
  cursor.until(() => cursor.seesSign(",") || cursor.seesSign(")"));

/** Reads `[CONSTRAINT name] PRIMARY KEY …`, `UNIQUE …`, `FOREIGN KEY …`; nothing of any other constraint. */
function readConstraint(statement: Statement, into: Definition): void {
  const { cursor } = statement;
  const begin = cursor.peek();
  const isNamed = cursor.takes("constraint");
  const isAnonymous = ["primary", "unique", "foreign", "check"].some((word) => cursor.sees(word));
  const name = isNamed && !isAnonymous ? nameIn(statement) : null;
  if (cursor.takes("primary", "key")) addKey(statement, into, { kind: "primary", name });
  else if (cursor.takes("unique")) addKey(statement, into, { kind: "unique", name });
  else if (cursor.takes("foreign", "key")) {
    const own = cursor.seesSign("(") ? null : nameIn(statement);
    const columns = columnsIn(statement).filter((c) => c !== null);
    cursor.expect("references");
    const location = statement.placeOf(begin);
    into.foreignKeys.push({ name: name ?? own, columns, ...readReferences(statement), location });
  }
}

/** MySQL has the name of an index, and how it is made, before its columns. */
function addKey(statement: Statement, into: Definition, key: Pick<DraftKey, "kind" | "name">): void {
  const { cursor } = statement;
  if (!cursor.takes("key")) cursor.takes("index");
  cursor.takes("nulls", "not", "distinct");
  cursor.takes("nulls", "distinct");
  // `USING INDEX` names an index that is a key already.
  if (cursor.sees("using", "index")) return;
  const own = cursor.seesSign("(") || cursor.sees("using") ? null : nameIn(statement);
  cursor.until(() => cursor.seesSign("("));
  const columns = columnsIn(statement);
  if (columns.every((c) => c !== null)) into.keys.push({ ...key, name: key.name ?? own, columns });
}

/** Reads a column; its keys and references go to the table's. */
export function readColumn(statement: Statement, into: Definition): void {
  const { cursor } = statement;
  const location = statement.placeOf(cursor.peek());
  const name = nameIn(statement);
  const type = cursor.peek()?.value.toLowerCase() ?? "";
  let nullable = !/^(?:small|big)?serial\d?$/.test(type);
  let label: string | null = null;
  while (cursor.peek() && !cursor.seesSign(",") && !cursor.seesSign(")")) {
    if (cursor.takes("constraint")) label = nameIn(statement);
    else if (cursor.takes("not", "null") || cursor.takes("as", "identity")) nullable = false;
    else if (cursor.takes("default")) skipValue(statement);
    else if (cursor.takes("primary", "key")) {
      into.keys.push({ kind: "primary", name: label, columns: [name] });
    } else if (cursor.takes("unique")) {
      cursor.takes("key");
      into.keys.push({ kind: "unique", name: label, columns: [name] });
    } else if (cursor.takes("references")) {
      into.foreignKeys.push({ name: label, columns: [name], ...readReferences(statement), location });
    } else skipToken(statement);
  }
  into.columns.push({ name, type, nullable, location });
}

/** A value may be called like a constraint (`DEFAULT 'x'`, `DEFAULT (unique)`), and goes no further than its parentheses. */
function skipValue(statement: Statement): void {
  const { cursor } = statement;
  if (!cursor.takesSign("-")) cursor.takesSign("+");
  skipToken(statement);
}

function skipToken({ cursor }: Statement): void {
  if (cursor.seesSign("(")) cursor.parenthesised();
  else cursor.next();
}

type References = Omit<DraftForeignKey, "name" | "columns" | "location">;

/** Reads what follows REFERENCES. */
function readReferences(statement: Statement): References {
  const { cursor } = statement;
  const parent = tableNameIn(statement);
  const parentColumns = cursor.seesSign("(") ? columnsIn(statement).filter((c) => c !== null) : null;
  let onDelete: ReferentialAction | null = null;
  let onUpdate: ReferentialAction | null = null;
  for (;;) {
    if (cursor.takes("on", "delete")) onDelete = readAction(statement);
    else if (cursor.takes("on", "update")) onUpdate = readAction(statement);
    else if (cursor.takes("match")) cursor.next();
    else break;
  }
  return {
    parent,
    parentColumns,
    onDelete: onDelete ?? "no action",
    onUpdate: onUpdate ?? "no action",
    written: onDelete !== null,
  };
}

const ACTIONS: readonly ReferentialAction[] = ["no action", "restrict", "cascade", "set null", "set default"];

function readAction({ cursor }: Statement): ReferentialAction {
  const action = ACTIONS.find((one) => cursor.takes(...one.split(" ")));
  if (!action) throw cursor.unexpected();
  // SET NULL (a, b)
  if (cursor.seesSign("(")) cursor.parenthesised();
  return action;
}
