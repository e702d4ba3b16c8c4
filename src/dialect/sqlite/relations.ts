import { withUniqueIds } from "../../model/model.ts";
import { type ReferentialAction, type Relation, relationId } from "../../model/relation.ts";
import type { Column } from "../../model/table.ts";
import type { Catalog, ForeignKeyRow } from "./catalog.ts";
import { servesLookup } from "./indexes.ts";
import { byTable, foldName, named } from "./name.ts";
import type { BuiltTable } from "./table.ts";

/**
 * The relations of the tables, sorted by id. A foreign key whose parent table or columns do not exist is left out.
 * `order` is SQLite's: measured in relations.test.ts, the foreign key made last acts first.
 */
export function buildRelations(catalog: Catalog, tables: readonly BuiltTable[]): readonly Relation[] {
  const rows = byTable(catalog.foreignKeys);
  const parents = new Map(tables.map((built) => [foldName(built.table.name), built]));
  const newestFirst = [...tables].sort((a, b) => Number(b.row.position) - Number(a.row.position));
  const enforced = catalog.settings.foreign_keys === "1";
  const counts = new Map<string, number>();
  const relations: Relation[] = [];
  for (const child of newestFirst) {
    for (const group of groupedById(rows(child.table.name))) {
      const relation = buildRelation(child, group, parents);
      if (!relation) continue;
      const order = counts.get(relation.parent) ?? 0;
      counts.set(relation.parent, order + 1);
      relations.push({
        ...relation,
        order,
        enforced,
        enforcedBy: enforced ? "database" : "nobody",
        ...(enforced ? {} : { unenforced: "session" }),
      });
    }
  }
  return withUniqueIds(relations.sort(byIdAndName));
}

/** Of several constraints with one id, the order does not depend on which was made first, unless they are the same. */
function byIdAndName(a: Relation, b: Relation): number {
  const text = (r: Relation) => [r.id, r.name ?? "", r.onDelete, r.onUpdate];
  const [left, right] = [text(a), text(b)];
  const at = left.findIndex((part, i) => part !== right[i]);
  if (at < 0) return a.order - b.order;
  return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

function groupedById(rows: readonly ForeignKeyRow[]): readonly (readonly ForeignKeyRow[])[] {
  return [...Map.groupBy(rows, (row) => row.id).values()];
}

type Found = Omit<Relation, "order" | "enforced" | "enforcedBy">;

function buildRelation(
  child: BuiltTable,
  rows: readonly ForeignKeyRow[],
  tables: ReadonlyMap<string, BuiltTable>,
): Found | null {
  const [first] = rows;
  const parent = first && tables.get(foldName(first.parent));
  if (!parent) return null;
  const columns = rows.map((row) => named(child.table.columns, row.column)?.name ?? row.column);
  const parentColumns = parentColumnsOf(rows, parent);
  if (!parentColumns) return null;
  const ends = {
    child: child.table.id,
    columns,
    parent: parent.table.id,
    parentColumns: parentColumns.map((c) => c.name),
  };
  // The pragma counts from the last foreign key of the text to the first.
  const declared = child.declared.foreignKeys.at(-1 - Number(first.id));
  return {
    id: relationId(ends),
    ...ends,
    onDelete: first.on_delete.toLowerCase() as ReferentialAction,
    onUpdate: first.on_update.toLowerCase() as ReferentialAction,
    origin: "declared",
    name: declared?.name ?? null,
    // Whatever MATCH says: https://www.sqlite.org/foreignkeys.html#fk_unsupported
    match: "simple",
    deferrable: declared?.deferrable ?? false,
    initiallyDeferred: declared?.initiallyDeferred ?? false,
    validated: true,
    setColumns: null,
    indexed: isIndexed(child, columns, parentColumns),
    triggerName: null,
    when: null,
    childPartition: null,
    parentPartition: null,
  };
}

/** Null where a column does not exist, or the primary key that is meant has another number of columns. */
function parentColumnsOf(rows: readonly ForeignKeyRow[], parent: BuiltTable): readonly Column[] | null {
  const { columns, primaryKey } = parent.table;
  const names = rows.every((row) => row.parent_column === null)
    ? primaryKey
    : rows.map((row) => row.parent_column ?? "");
  const found = names.flatMap((name) => named(columns, name) ?? []);
  return found.length === rows.length ? found : null;
}

/** The engine compares with the parent's collation, so an index of another one is of no use to it. */
function isIndexed(child: BuiltTable, columns: readonly string[], parentColumns: readonly Column[]): boolean {
  if (child.rowidColumn !== null && columns.includes(child.rowidColumn)) return true;
  const collations = parentColumns.map((column) => (column.collation ?? "BINARY").toUpperCase());
  return child.indexes.some((facts) => servesLookup(facts, { columns, collations }));
}
