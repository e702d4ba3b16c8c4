import type { Column } from "../../model/table.ts";
import { byKey } from "../by-key.ts";
import { compile, id, list, raw, type Sql, sql } from "../sql.ts";
import type { NewIndex, Syntax } from "../syntax.ts";
import { compiler, printer } from "./compiler.ts";
import { imageOf } from "./image.ts";
import { journalName } from "./journal.ts";
import { pack, unpack } from "./pack.ts";
import { referencesParent } from "./references.ts";
import { samples } from "./samples.ts";
import { createScratch, scratchName } from "./scratch.ts";
import { stored } from "./stored.ts";
import { parseValue, printValue } from "./value-text.ts";

/** Text in the notation of CURRENT_TIMESTAMP, with milliseconds. @see https://www.sqlite.org/lang_datefunc.html */
function now(kind: Parameters<Syntax["now"]>[0], column: Column): Sql {
  if (kind === "seconds") return raw("unixepoch('now')");
  if (kind === "milliseconds") return raw("cast(unixepoch('now', 'subsec') * 1000 as integer)");
  return raw(/^date$/i.test(column.type) ? "date('now')" : "strftime('%Y-%m-%d %H:%M:%f', 'now')");
}

/** An index is made in the schema that its own name gives: https://www.sqlite.org/lang_createindex.html */
function createIndex({ table, name, columns, collations, unique, where }: NewIndex): Sql {
  const entries = columns.map((column, i) => {
    const collation = collations?.[i] ?? null;
    return collation === null ? id(column) : sql`${id(column)} collate ${id(collation)}`;
  });
  const what = raw(unique ? "unique index" : "index");
  const some = where ? sql` where ${where}` : raw("");
  return sql`create ${what} ${id(name)} on ${id(table.name)} (${list(entries)})${some}`;
}

/** SQLite's spelling; `signedZero` says whether the library was built with mathematical functions. */
export function sqliteSyntax(build: { readonly signedZero: boolean }): Syntax {
  return {
    compile: (fragment) => compile(fragment, compiler),
    print: (fragment) => compile(fragment, printer).text,
    table: (table) => id(table.namespace, table.name),
    lasting: ({ namespace, name }) => [namespace, name],
    rows: (table) => id(table.namespace, table.name),
    ...byKey((table) => id(table.namespace, table.name)),
    scratch: scratchName,
    createScratch,
    rowsPerDelete: 2_000,
    analyseScratch: () => null,
    journal: journalName,
    text: printValue,
    // A concatenation has no collation of the column's: https://www.sqlite.org/datatype3.html section 7.1
    plainText: (value) => sql`(cast(${value} as text) || '')`,
    extremes: (value, column) => [
      printValue(sql`min(${value})`, column),
      printValue(sql`max(${value})`, column),
    ],
    now,
    // Text in whatever notation SQLite reads as a time; any other is null, and so before nothing.
    isBefore: (value, _, moment) => sql`julianday(${value}) < julianday(${moment.toISOString()})`,
    assigned: stored,
    value: parseValue,
    references: (child, childColumn, parent, parentColumn) =>
      referencesParent({ value: child, column: childColumn }, { value: parent, column: parentColumn }),
    same: (left, right) => sql`${left} is ${right}`,
    isFalse: (condition) => sql`(${condition}) is false`,
    // SQLite keeps the written order of a CROSS JOIN: https://www.sqlite.org/optoverview.html section 8.2
    drivenJoin: raw("cross join"),
    forUpdate: null,
    clock: raw("cast((julianday('now') - 2440587.5) * 86400000 as integer)"),
    image: (values) => imageOf(values, build.signedZero),
    pack,
    unpack,
    samples,
    lastCounted: null,
    overridingIdentity: raw(""),
    // An insert with a given key moves the counter of an AUTOINCREMENT table itself, and a delete never moves it back.
    advanceSequence: () => null,
    // A SQLite trigger can only be dropped.
    userTriggers: () => null,
    foreignKeyChecks: null,
    createIndex,
    // Enforcement is off on most connections; inside the transaction it could not be switched on any more.
    scriptStart: ["pragma foreign_keys = on;", "begin immediate;", "pragma defer_foreign_keys = on;"],
  };
}
