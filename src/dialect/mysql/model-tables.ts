import { inlineIgnores } from "../../model/inline-ignore.ts";
import type { Check, Index, Table, Trigger, UniqueKey } from "../../model/table.ts";
import type { CatalogScope } from "../engine.ts";
import type { Catalog } from "./catalog.ts";
import type { CheckRow } from "./catalog-constraints.ts";
import type { IndexRow } from "./catalog-indexes.ts";
import type { TableRow } from "./catalog-tables.ts";
import type { TriggerRow } from "./catalog-triggers.ts";
import { expressionOf } from "./expression.ts";
import { journalNames } from "./journal-names.ts";
import { readColumn } from "./model-columns.ts";
import { quoted } from "./quoted.ts";
import { keyOf, tableIds } from "./table-ids.ts";

/** The tables of a catalog by their {@link keyOf}, without ondelete's own. */
export function readTables(catalog: Catalog, journal: CatalogScope["journal"]): ReadonlyMap<string, Table> {
  const { session, mariadb } = catalog;
  const fold = (name: string) => (session.folding === "0" ? name : name.toLowerCase());
  const own = new Set(journalNames(journal).map(fold));
  const rows = catalog.tables.filter((row) => row.namespace !== session.namespace || !own.has(fold(row.tab)));
  const columns = Map.groupBy(catalog.columns, keyOf);
  const indexes = Map.groupBy(catalog.indexes, keyOf);
  const checks = Map.groupBy(catalog.checks, keyOf);
  const triggers = Map.groupBy(catalog.triggers, keyOf);
  const idOf = tableIds(rows, session.namespace);
  const read = (row: TableRow): Table => {
    const key = keyOf(row);
    const columnRows = (columns.get(key) ?? []).toSorted(byPosition);
    const rowEnd = columnRows.find((c) => c.expression === "ROW END")?.name;
    const found = groupedIndexes(indexes.get(key) ?? [], rowEnd).map((entries) =>
      readIndex(entries, mariadb),
    );
    return {
      id: idOf.get(key) ?? row.tab,
      name: row.tab,
      namespace: row.namespace,
      kind: "table",
      partitionOf: null,
      columns: columnRows.map((column) => readColumn(column, mariadb)),
      primaryKey: found.find(isPrimary)?.columns.filter((name) => name !== null) ?? [],
      uniqueKeys: found.filter((index) => index.unique && !isPrimary(index)).flatMap(uniqueKey),
      indexes: found,
      checks: (checks.get(key) ?? []).map((c) => check(c, mariadb)).toSorted(byName),
      triggers: (triggers.get(key) ?? []).toSorted(inFiringOrder).map(trigger),
      rowSecurity: false,
      ...(row.transactional === "true" ? {} : { nonTransactional: true }),
      ...ignoresOf(row, columnRows),
      rowEstimate: row.estimate === null ? null : Number(row.estimate),
    };
  };
  return new Map(rows.map((row) => [keyOf(row), read(row)]));
}

function ignoresOf(row: TableRow, columns: Catalog["columns"]): Pick<Table, "ignores"> {
  const ignores = [
    ...inlineIgnores(row.comment, []),
    ...columns.flatMap((column) => inlineIgnores(column.comment, [column.name])),
  ];
  return ignores.length > 0 ? { ignores } : {};
}

const byPosition = (a: { readonly position: string }, b: { readonly position: string }): number =>
  Number(a.position) - Number(b.position);

const byName = <T extends { readonly name: string | null }>(a: T, b: T): number =>
  (a.name ?? "") < (b.name ?? "") ? -1 : (a.name ?? "") > (b.name ?? "") ? 1 : 0;

/**
 * The entries of each index, in order. Keys of a system-versioned table end in the column that says until when a row
 * was current, which is the same for all rows that are: what stands before it is unique among them.
 * @see https://mariadb.com/kb/en/system-versioned-tables/
 */
function groupedIndexes(
  rows: readonly IndexRow[],
  rowEnd: string | undefined,
): readonly (readonly IndexRow[])[] {
  const groups = [...Map.groupBy(rows, (row) => row.name).values()];
  return groups
    .map((entries) => entries.filter((row) => row.col !== rowEnd || row.repeats === "1").toSorted(byPosition))
    .filter((entries) => entries.length > 0)
    .toSorted(([a], [b]) => ((a?.name ?? "") < (b?.name ?? "") ? -1 : 1));
}

const isPrimary = (index: Index): boolean => index.name === "PRIMARY";

function readIndex(entries: readonly IndexRow[], mariadb: boolean): Index {
  const [first] = entries as readonly [IndexRow];
  const unique = first.repeats === "0";
  return {
    name: first.name,
    columns: entries.map((row) => (isPrefix(row) ? null : row.col)),
    unique,
    predicate: null,
    valid: unique || first.unused === "0",
    method: first.method.toLowerCase(),
    nullsDistinct: true,
    entries: entries.map((row) => entry(row, mariadb)),
  };
}

/** The number that a spatial index has there is its own. */
const isPrefix = (row: IndexRow): boolean => row.length !== null && row.method !== "SPATIAL";

function entry(row: IndexRow, mariadb: boolean): string {
  const column = row.col === null ? `(${expressionOf(row.expression ?? "", mariadb)})` : quoted(row.col);
  return isPrefix(row) ? `left(${column}, ${row.length})` : column;
}

/** None for an index on a part of a column or an expression: rows that share the column's value may both be there. */
function uniqueKey({ name, columns, nullsDistinct }: Index): readonly UniqueKey[] {
  const names = columns.filter((column) => column !== null);
  return names.length === columns.length ? [{ name, columns: names, nullsDistinct }] : [];
}

/** Any session may switch checks off and write what violates them; an update looks at all of them (measured on 10.11). */
const check = (row: CheckRow, mariadb: boolean): Check => ({
  name: row.name,
  expression: expressionOf(row.expression, mariadb),
  enforced: row.enforced === "YES",
  ...(mariadb ? { unvalidated: true } : {}),
});

function inFiringOrder(a: TriggerRow, b: TriggerRow): number {
  if (a.timing !== b.timing) return a.timing === "BEFORE" ? -1 : 1;
  return a.event === b.event ? byPosition(a, b) : a.event < b.event ? -1 : 1;
}

const trigger = (row: TriggerRow): Trigger => ({
  name: row.name,
  timing: row.timing === "BEFORE" ? "before" : "after",
  events: [row.event.toLowerCase()],
  level: "row",
  enabled: true,
});
