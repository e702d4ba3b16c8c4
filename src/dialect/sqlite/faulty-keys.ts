import type { FaultyKey } from "../../model/faulty-key.ts";
import { type ReferentialAction, relationId } from "../../model/relation.ts";
import type { Catalog, ForeignKeyRow } from "./catalog.ts";
import { isFound } from "./mismatches.ts";
import { byTable, foldName, named } from "./name.ts";
import type { BuiltTable } from "./table.ts";

/** Foreign keys that SQLite cannot follow, whether it enforces any or not, sorted by id. */
export function faultyKeysOf(catalog: Catalog, tables: readonly BuiltTable[]): readonly FaultyKey[] {
  const rows = byTable(catalog.foreignKeys);
  const parents = new Map(tables.map((built) => [foldName(built.table.name), built]));
  return tables
    .flatMap((child) =>
      [...Map.groupBy(rows(child.table.name), (row) => row.id).values()].flatMap((group) =>
        faultyKey(child, group, parents),
      ),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function faultyKey(
  child: BuiltTable,
  rows: readonly ForeignKeyRow[],
  parents: ReadonlyMap<string, BuiltTable>,
): readonly FaultyKey[] {
  const [first] = rows;
  if (!first) return [];
  const parent = parents.get(foldName(first.parent));
  const parentColumns = rows.flatMap((row) => (row.parent_column === null ? [] : [row.parent_column]));
  const fault = faultOf(parent, parentColumns, rows.length);
  if (fault === null) return [];
  const ends = {
    child: child.table.id,
    columns: rows.map((row) => named(child.table.columns, row.column)?.name ?? row.column),
    parent: parent?.table.id ?? first.parent,
    parentColumns,
  };
  return [
    {
      id: relationId(ends),
      ...ends,
      onDelete: first.on_delete.toLowerCase() as ReferentialAction,
      // The pragma counts from the last foreign key of the text to the first.
      name: child.declared.foreignKeys.at(-1 - Number(first.id))?.name ?? null,
      fault,
    },
  ];
}

function faultOf(
  parent: BuiltTable | undefined,
  columns: readonly string[],
  count: number,
): FaultyKey["fault"] | null {
  if (!parent) return "no-table";
  if (columns.some((name) => !named(parent.table.columns, name))) return "no-column";
  return isFound(parent, columns.map(foldName), count) ? null : "no-key";
}
