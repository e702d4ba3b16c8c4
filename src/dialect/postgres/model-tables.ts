import { inlineIgnores } from "../../model/inline-ignore.ts";
import type { Check, Column, Index, Table, UniqueKey } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { CommentRow } from "./catalog-comments.ts";
import type { CheckRow } from "./catalog-constraints.ts";
import type { IndexRow } from "./catalog-indexes.ts";
import type { ColumnRow, TableRow } from "./catalog-tables.ts";
import { readRefusals } from "./model-refusals.ts";
import { byFiring, readTrigger } from "./model-triggers.ts";
import { tableIds } from "./table-ids.ts";

/** The tables of a catalog by their oid. */
export function readTables(catalog: Catalog): ReadonlyMap<string, Table> {
  const columns = Map.groupBy(catalog.columns, (row) => row.tab);
  const indexes = Map.groupBy(catalog.indexes, (row) => row.tab);
  const checks = Map.groupBy(catalog.checks, (row) => row.tab);
  const triggers = Map.groupBy(catalog.triggers, (row) => row.tab);
  const comments = Map.groupBy(catalog.comments, (row) => row.tab);
  const idOf = tableIds(catalog.tables, catalog.session.schema);
  const estimate = estimates(catalog.tables);
  const replica = catalog.session.replica === "true";
  const refusals = readRefusals(catalog, idOf);
  const read = (row: TableRow): Table => ({
    id: idOf.get(row.oid) ?? row.name,
    name: row.name,
    namespace: row.namespace,
    kind: row.root ? "partition" : row.relkind === "p" ? "partitioned" : "table",
    partitionOf: row.root ? (idOf.get(row.root) ?? null) : null,
    columns: (columns.get(row.oid) ?? []).map(column),
    ...keys(indexes.get(row.oid) ?? []),
    indexes: (indexes.get(row.oid) ?? []).map(index),
    checks: (checks.get(row.oid) ?? []).map(check),
    triggers: (triggers.get(row.oid) ?? [])
      .map((trigger) => readTrigger(trigger, replica))
      .toSorted(byFiring),
    rowSecurity: row.secured === "true",
    ...refusals(row),
    ...(row.inheritors === "true" ? { inheritors: true } : {}),
    ...ignoresOf(comments.get(row.oid) ?? []),
    rowEstimate: estimate(row),
  });
  return new Map(catalog.tables.map((row) => [row.oid, read(row)]));
}

function ignoresOf(comments: readonly CommentRow[]): Pick<Table, "ignores"> {
  const ignores = comments.flatMap((row) => inlineIgnores(row.text, row.col === null ? [] : [row.col]));
  return ignores.length > 0 ? { ignores } : {};
}

/** A partitioned table has as many rows as its leaves that were analysed; null where none was. */
function estimates(tables: readonly TableRow[]): (row: TableRow) => number | null {
  const children = Map.groupBy(tables, (row) => row.parent);
  const estimate = (row: TableRow): number | null => {
    if (row.relkind === "r") return Number(row.estimate) < 0 ? null : Number(row.estimate);
    const leaves = (children.get(row.oid) ?? []).map(estimate).filter((rows) => rows !== null);
    return leaves.length === 0 ? null : leaves.reduce((sum, rows) => sum + rows, 0);
  };
  return estimate;
}

function column(row: ColumnRow): Column {
  return {
    name: row.name,
    type: row.type,
    ...(row.base === null ? {} : { baseType: row.base }),
    nullable: row.nullable === "true",
    default: row.generated === "" ? row.expression : null,
    expression: row.generated === "" ? null : row.expression,
    generated: row.generated === "s" ? "stored" : row.generated === "v" ? "virtual" : null,
    identity: row.identity === "a" ? "always" : row.identity === "d" ? "by default" : null,
    sequence: row.sequence,
    collation: row.collation,
    enumValues: row.labels === null ? null : JSON.parse(row.labels),
  };
}

function keys(rows: readonly IndexRow[]): Pick<Table, "primaryKey" | "uniqueKeys"> {
  const primary = rows.find((row) => row.primary === "true");
  return {
    primaryKey: primary ? JSON.parse(primary.columns) : [],
    uniqueKeys: rows.filter((row) => row.primary === "false" && isKey(row)).map(uniqueKey),
  };
}

function isKey(row: IndexRow): boolean {
  if (row.unique === "false" || row.valid === "false" || row.exclusion === "true") return false;
  return row.predicate === null && !(JSON.parse(row.columns) as (string | null)[]).includes(null);
}

const uniqueKey = (row: IndexRow): UniqueKey => ({
  name: row.name,
  columns: JSON.parse(row.columns),
  nullsDistinct: row.nulls_distinct === "true",
});

const index = (row: IndexRow): Index => ({
  name: row.name,
  columns: JSON.parse(row.columns),
  unique: row.unique === "true",
  predicate: row.predicate,
  valid: row.valid === "true",
  method: row.method,
  nullsDistinct: row.nulls_distinct === "true",
  entries: JSON.parse(row.entries),
  ...(row.operators === null ? {} : { operators: JSON.parse(row.operators) }),
});

function check(row: CheckRow): Check {
  const { name, expression, column: checked, base } = row;
  const enforced = row.enforced === "true";
  if (checked === null)
    return {
      name,
      expression,
      enforced,
      ...(enforced && row.validated === "false" ? { unvalidated: true } : {}),
    };
  // Texts and quoted names are passed over: only the bare word stands for the domain's value.
  const onColumn = expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (token) =>
    token === "VALUE" ? `(${checked})::${base}` : token,
  );
  return { name, expression: onColumn, enforced };
}
