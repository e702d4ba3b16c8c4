import type { FaultyKey } from "../../model/faulty-key.ts";
import { type ReferentialAction, relationId } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { ForeignKeyColumnRow } from "./catalog-constraints.ts";
import { tableFinder } from "./model-relations.ts";
import { keyOf } from "./table-ids.ts";

/**
 * Foreign keys whose parent or referenced column does not exist: they were made with foreign_key_checks = 0. A parent in
 * a database of which the role sees nothing is not said to be missing.
 */
export function readFaultyKeys(catalog: Catalog, tables: ReadonlyMap<string, Table>): readonly FaultyKey[] {
  const find = tableFinder(catalog, tables);
  const actions = new Map(catalog.actions.map((row) => [nameOf(row), row]));
  return [...Map.groupBy(catalog.foreignKeyColumns, nameOf)]
    .flatMap(([name, rows]): readonly FaultyKey[] => {
      const [first, ...rest] = rows.toSorted((a, b) => Number(a.position) - Number(b.position));
      const child = first && find(first.namespace, first.tab);
      if (!first || !child) return [];
      const columns = [first, ...rest];
      const fault = faultOf(catalog, find(first.parent_namespace, first.parent_tab), columns);
      if (fault === null) return [];
      const ends = {
        child: child.id,
        columns: columns.map((row) => row.col),
        parent: first.parent_tab,
        parentColumns: columns.map((row) => row.parent_col),
      };
      const onDelete = (actions.get(name)?.on_delete ?? "NO ACTION").toLowerCase() as ReferentialAction;
      return [{ id: relationId(ends), ...ends, onDelete, name: first.name, fault }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const nameOf = (row: { readonly namespace: string; readonly tab: string; readonly name: string }) =>
  JSON.stringify([keyOf(row), row.name]);

function faultOf(
  { rights }: Catalog,
  parent: Table | undefined,
  [first, ...rest]: readonly ForeignKeyColumnRow[],
): FaultyKey["fault"] | null {
  if (!first) return null;
  if (!parent) return rights.onDatabase(first.parent_namespace) ? "no-table" : null;
  const known = new Set(parent.columns.map((c) => c.name.toLowerCase()));
  return [first, ...rest].every((row) => known.has(row.parent_col.toLowerCase())) ? null : "no-column";
}
