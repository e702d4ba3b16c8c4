import { type Column, findsBy, type Index, type UniqueKey } from "../../model/table.ts";
import type { Catalog, IndexColumnRow, IndexRow } from "./catalog.ts";
import { parseCreateIndex } from "./ddl/create-index.ts";
import type { DeclaredTable } from "./ddl/declared.ts";
import { tokensOf } from "./lexicon.ts";
import { byTable, foldName, named } from "./name.ts";

/** An index of the model with what the model does not say of it. */
export interface IndexFacts {
  readonly index: Index;
  readonly origin: string;
  /** Parallel to the index's columns, in upper case. */
  readonly collations: readonly string[];
}

/** Returns what lists a table's indexes by name. */
export function indexesOf(catalog: Catalog): (table: string) => readonly IndexFacts[] {
  const rows = byTable(catalog.indexes);
  const columns = byTable(catalog.indexColumns.map((row) => ({ ...row, table_name: row.index_name })));
  return (table) => rows(table).map((row) => buildIndex(row, columns(row.name)));
}

function buildIndex(row: IndexRow, columns: readonly IndexColumnRow[]): IndexFacts {
  const declared = row.sql === null ? null : parseCreateIndex(row.sql);
  const index: Index = {
    name: row.name,
    columns: columns.map((column) => column.name),
    unique: row.is_unique === "1",
    predicate: declared?.predicate ?? null,
    valid: true,
    method: "btree",
    nullsDistinct: true,
    entries: columns.map((column, i) => entryOf(column, declared?.entries[i])),
  };
  return { index, origin: row.origin, collations: columns.map((column) => column.collation.toUpperCase()) };
}

/** The collation is always said: of a computed value the column's own would be forgotten. */
const entryOf = ({ name, collation }: IndexColumnRow, expression = ""): string =>
  `${name === null ? `(${expression})` : quoted(name)} collate ${quoted(collation)}`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * The unique keys among the indexes: without condition and expression, and no finer than the columns themselves compare
 * (a BINARY index on a NOCASE column admits values that are equal to the column). Named by the constraint where it has a
 * name.
 */
export function uniqueKeysOf(
  indexes: readonly IndexFacts[],
  columns: readonly Column[],
  declared: DeclaredTable,
): readonly UniqueKey[] {
  return indexes.flatMap((facts) => {
    const { index, origin } = facts;
    const names = index.columns.filter((name) => name !== null);
    const full = index.unique && index.predicate === null && names.length === index.columns.length;
    if (!full || origin === "pk" || !comparesAsColumns(facts, columns)) return [];
    const name = (origin === "u" ? constraintNameOf(names, declared) : null) ?? index.name;
    return [{ name, columns: names, nullsDistinct: true }];
  });
}

function comparesAsColumns(facts: IndexFacts, columns: readonly Column[]): boolean {
  return facts.index.columns.every((name, i) => {
    const collation = named(columns, name ?? "")?.collation ?? null;
    return collation === null || collation.toUpperCase() === facts.collations[i];
  });
}

function constraintNameOf(columns: readonly string[], declared: DeclaredTable): string | null {
  const wanted = columns.map(foldName).join("\0");
  const key = declared.keys.find((k) => !k.primary && k.columns.map(foldName).join("\0") === wanted);
  return key?.name ?? null;
}

/**
 * Whether an index finds the rows whose columns equal given values: it does by its columns, compares them as wanted, and
 * leaves out no rows but such with null in them.
 */
export function servesLookup(
  facts: IndexFacts,
  lookup: { readonly columns: readonly string[]; readonly collations: readonly string[] },
): boolean {
  const wanted = new Map(lookup.columns.map((column, i) => [column, lookup.collations[i]]));
  const columns = facts.index.columns.map((name, i) =>
    name !== null && wanted.get(name) === facts.collations[i] ? name : null,
  );
  return (
    findsBy({ ...facts.index, columns }, lookup.columns) &&
    (facts.index.predicate === null || onlySkipsNulls(facts.index.predicate, lookup.columns))
  );
}

/** `a is not null`, also `a notnull`, several of them joined by AND. */
function onlySkipsNulls(predicate: string, columns: readonly string[]): boolean {
  const tokens = tokensOf(predicate).filter((token) => token.value !== "(" && token.value !== ")");
  const text = tokens.map((t) => (t.kind === "word" ? foldName(t.value) : t.value)).join(" ");
  const names = columns.map(foldName);
  return text.split(" and ").every((part) => {
    const name = / (?:is not null|not null|notnull)$/.exec(part);
    return name !== null && names.includes(foldName(part.slice(0, name.index)));
  });
}
