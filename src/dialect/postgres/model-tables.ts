import type { Check, Column, Index, Table, Trigger, UniqueKey } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { CheckRow } from "./catalog-constraints.ts";
import type { IndexRow } from "./catalog-indexes.ts";
import type { ColumnRow, TableRow } from "./catalog-tables.ts";
import type { TriggerRow } from "./catalog-triggers.ts";
import { tableIds } from "./table-ids.ts";

/** The tables of a catalog by their oid. */
export function readTables(catalog: Catalog): ReadonlyMap<string, Table> {
  const columns = Map.groupBy(catalog.columns, (row) => row.tab);
  const indexes = Map.groupBy(catalog.indexes, (row) => row.tab);
  const checks = Map.groupBy(catalog.checks, (row) => row.tab);
  const triggers = Map.groupBy(catalog.triggers, (row) => row.tab);
  const idOf = tableIds(catalog.tables, catalog.session.schema);
  const estimate = estimates(catalog.tables);
  const replica = catalog.session.replica === "true";
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
    triggers: (triggers.get(row.oid) ?? []).map((trigger) => readTrigger(trigger, replica)).toSorted(byName),
    rowSecurity: row.secured === "true",
    ...(row.inheritors === "true" ? { inheritors: true } : {}),
    rowEstimate: estimate(row),
  });
  return new Map(catalog.tables.map((row) => [row.oid, read(row)]));
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
});

function check(row: CheckRow): Check {
  const { name, expression, column: checked, base } = row;
  const enforced = row.enforced === "true";
  if (checked === null) return { name, expression, enforced };
  // Texts and quoted names are passed over: only the bare word stands for the domain's value.
  const onColumn = expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (token) =>
    token === "VALUE" ? `(${checked})::${base}` : token,
  );
  return { name, expression: onColumn, enforced };
}

/** Whether a trigger or rule with that `tgenabled` fires in this session. */
export const fires = (enabled: string, replica: boolean): boolean =>
  enabled === "A" || enabled === (replica ? "R" : "O");

const RULE_EVENTS: Readonly<Record<string, string>> = { "2": "update", "3": "insert", "4": "delete" };

function readTrigger(row: TriggerRow, replica: boolean): Trigger {
  const { name } = row;
  const enabled = fires(row.fires, replica);
  if (row.type === null) {
    const events = [RULE_EVENTS[row.rule_event ?? ""] ?? "delete"];
    return {
      name,
      timing: row.instead === "true" ? "instead of" : "before",
      events,
      level: "statement",
      enabled,
    };
  }
  const bits = Number(row.type);
  const timing = bits & 64 ? "instead of" : bits & 2 ? "before" : "after";
  return { name, timing, events: eventsOf(bits), level: bits & 1 ? "row" : "statement", enabled };
}

/** @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_trigger.h */
const eventsOf = (bits: number): readonly string[] =>
  (
    [
      ["delete", 8],
      ["insert", 4],
      ["truncate", 32],
      ["update", 16],
    ] as const
  )
    .filter(([, bit]) => bits & bit)
    .map(([event]) => event);

/** The server compares trigger names byte by byte. */
const byName = (a: Trigger, b: Trigger): number => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
