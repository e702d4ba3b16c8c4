import { type Model, withUniqueIds } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { CatalogScope, Transaction } from "../engine.ts";
import { readCatalog } from "./catalog.ts";
import { readRelations } from "./model-relations.ts";
import { readTables } from "./model-tables.ts";

/**
 * Reads all tables of the wanted namespaces, and those that foreign keys connect with them: a cascade does not stop
 * at the border of a namespace.
 */
export async function readModel(tx: Transaction, scope: CatalogScope): Promise<Model> {
  const catalog = await readCatalog(tx, scope.journal.schema);
  const tables = readTables(catalog);
  const relations = readRelations(catalog, tables);
  const kept = connected([...tables.values()], relations, scope.namespaces);
  return {
    defaultNamespace: catalog.session.schema,
    tables: byId([...tables.values()].filter((table) => kept.has(table.id))),
    relations: withUniqueIds(byId(relations.filter((r) => kept.has(r.child) && kept.has(r.parent)))),
  };
}

/** Ids of the tables in the namespaces, of their partitions, and of whatever hangs together with them. */
function connected(
  tables: readonly Table[],
  relations: readonly Relation[],
  namespaces: readonly string[] | undefined,
): ReadonlySet<string> {
  if (!namespaces) return new Set(tables.map((table) => table.id));
  const edges = [
    ...relations.map((relation) => [relation.child, relation.parent] as const),
    ...tables.flatMap((table) => (table.partitionOf ? [[table.id, table.partitionOf] as const] : [])),
  ];
  const kept = new Set(
    tables.filter((table) => namespaces.includes(table.namespace)).map((table) => table.id),
  );
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const [one, other] of edges) {
      if (kept.has(one)) kept.add(other);
      else if (kept.has(other)) kept.add(one);
    }
  }
  return kept;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
