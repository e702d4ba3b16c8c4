import type { Check, Column, Table, Trigger } from "../../model/table.ts";
import type { Catalog, ColumnRow, TableRow } from "./catalog.ts";
import { parseCreateTrigger } from "./ddl/create-trigger.ts";
import type { DeclaredTable } from "./ddl/declared.ts";
import { type IndexFacts, indexesOf, uniqueKeysOf } from "./indexes.ts";
import { ignoresIn } from "./inline-ignores.ts";
import { byTable, foldName, named } from "./name.ts";

/** A table of the model, and what its relations need to know beside it. */
export interface BuiltTable {
  readonly table: Table;
  readonly row: TableRow;
  readonly declared: DeclaredTable;
  readonly indexes: readonly IndexFacts[];
  /** The column that is another name of the rowid, null where there is none. */
  readonly rowidColumn: string | null;
}

/** Returns what builds each table out of the catalog's rows and its own text. */
export function tableBuilder(catalog: Catalog): (row: TableRow, declared: DeclaredTable) => BuiltTable {
  const columns = byTable(catalog.columns);
  const triggers = byTable(catalog.triggers);
  const statistics = byTable(catalog.statistics);
  const readIndexes = indexesOf(catalog);
  return (row, declared) => {
    const columnRows = columns(row.name);
    const indexes = readIndexes(row.name);
    const rowidColumn = rowidColumnOf(row, columnRows, indexes);
    const built = columnRows.map((column) => buildColumn(column, row, { declared, rowidColumn }));
    const ignores = ignoresIn(
      row.sql,
      built.map((column) => column.name),
    );
    const table: Table = {
      id: row.name,
      name: row.name,
      namespace: "main",
      kind: "table",
      partitionOf: null,
      columns: built,
      primaryKey: primaryKeyOf(columnRows),
      uniqueKeys: uniqueKeysOf(indexes, built, declared),
      indexes: indexes.map((facts) => facts.index),
      checks: declared.checks.map(
        (check): Check => ({ ...check, enforced: catalog.settings.ignore_checks === "0" }),
      ),
      triggers: triggers(row.name).map(
        (t): Trigger => ({ name: t.name, ...parseCreateTrigger(t.sql), level: "row", enabled: true }),
      ),
      rowSecurity: false,
      ...(ignores.length > 0 ? { ignores } : {}),
      rowEstimate: rowEstimate(statistics(row.name).map((s) => s.stat)),
    };
    return { table, row, declared, indexes, rowidColumn };
  };
}

function primaryKeyOf(columns: readonly ColumnRow[]): readonly string[] {
  const members = columns.filter((c) => c.pk !== "0");
  return members.sort((a, b) => Number(a.pk) - Number(b.pk)).map((c) => c.name);
}

/**
 * `INTEGER PRIMARY KEY` alone names the rowid; SQLite makes an index for every other primary key, also for
 * `INTEGER PRIMARY KEY DESC`, which is none: https://www.sqlite.org/lang_createtable.html#rowid
 */
function rowidColumnOf(
  row: TableRow,
  columns: readonly ColumnRow[],
  indexes: readonly IndexFacts[],
): string | null {
  const [member, ...others] = columns.filter((c) => c.pk !== "0");
  if (!member || others.length > 0 || row.without_rowid === "1") return null;
  return indexes.some((facts) => facts.origin === "pk") ? null : member.name;
}

function buildColumn(
  row: ColumnRow,
  table: TableRow,
  known: { readonly declared: DeclaredTable; readonly rowidColumn: string | null },
): Column {
  const declared = named(known.declared.columns, row.name);
  const collation = declared?.collation ?? null;
  return {
    name: row.name,
    type: row.type,
    nullable: isNullable(row, table, known.rowidColumn),
    default: declared?.default ?? null,
    generated: row.hidden === "2" ? "virtual" : row.hidden === "3" ? "stored" : null,
    expression: declared?.generated?.expression ?? null,
    identity: isAutoincrement(row, known.declared) ? "by default" : null,
    sequence: null,
    collation: collation?.toUpperCase() === "BINARY" ? null : collation,
    enumValues: null,
  };
}

/** For historical reasons a primary key takes nulls: https://www.sqlite.org/lang_createtable.html#the_primary_key */
function isNullable(column: ColumnRow, table: TableRow, rowidColumn: string | null): boolean {
  if (column.notnull === "1" || column.name === rowidColumn) return false;
  const keyIsRequired = table.without_rowid === "1" || table.strict === "1";
  return !(column.pk !== "0" && keyIsRequired);
}

function isAutoincrement(column: ColumnRow, declared: DeclaredTable): boolean {
  const key = declared.keys.find((k) => k.autoincrement);
  return key?.columns.some((name) => foldName(name) === foldName(column.name)) ?? false;
}

/** A partial index counts its own rows only, so the largest number is the table's. */
function rowEstimate(statistics: readonly string[]): number | null {
  const counts = statistics.map((stat) => Number.parseInt(stat, 10)).filter((n) => !Number.isNaN(n));
  return counts.length === 0 ? null : Math.max(...counts);
}
