import { OnDeleteError } from "../../error.ts";
import { type Model, withUniqueIds } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { CatalogScope, Transaction } from "../engine.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { readFaultyKeys } from "./faulty-keys.ts";
import { readRelations } from "./model-relations.ts";
import { readTables } from "./model-tables.ts";
import { quoted } from "./quoted.ts";
import { exactPattern } from "./rights.ts";

/**
 * Reads the connected database, or the wanted ones, and every database that foreign keys connect with them: a cascade
 * does not stop at the border of a database. Of a table that the role has no right on MariaDB shows nothing at all.
 * @throws OnDeleteError `usage` without a selected database, `rows-hidden` where a foreign key leads from a database of
 * which the role may see no table, `privilege-missing` where it may not see what a foreign key does, or which there are
 */
export async function readModel(tx: Transaction, scope: CatalogScope): Promise<Model> {
  const catalog = await readCatalog(tx, scope.namespaces);
  refuseHidden(catalog);
  for (const namespace of scope.namespaces ?? [catalog.session.namespace]) refuseGuessing(catalog, namespace);
  const tables = readTables(catalog, scope.journal);
  const relations = readRelations(catalog, tables);
  const faultyKeys = readFaultyKeys(catalog, tables);
  const kept = connected([...tables.values()], relations, scope.namespaces);
  return {
    defaultNamespace: catalog.session.namespace,
    tables: byId([...tables.values()].filter((table) => kept.has(table.id))),
    relations: withUniqueIds(byId(relations.filter((r) => kept.has(r.child) && kept.has(r.parent)))),
    ...(faultyKeys.length > 0 ? { faultyKeys } : {}),
  };
}

/** Cascades reach tables that the role may not see; a plan that left them out would be wrong. */
function refuseHidden({ tables, links }: Catalog): void {
  const seen = new Set(tables.map((table) => table.namespace));
  const hidden = links.find(({ child, parent }) => seen.has(parent) && !seen.has(child));
  if (!hidden) return;
  throw new OnDeleteError(
    "rows-hidden",
    `Tables of database ${hidden.child} reference tables of ${hidden.parent}, and the role may not see them.`,
    { hint: `Grant SELECT on the tables of ${hidden.child}.`, details: { ...hidden } },
  );
}

/**
 * A role with rights on single tables sees no other, nor what references them: a cascade would take rows that no plan
 * shows.
 */
function refuseGuessing({ rights, tables }: Catalog, namespace: string): void {
  if (rights.onDatabase(namespace) || !tables.some((table) => table.namespace === namespace)) return;
  throw new OnDeleteError(
    "privilege-missing",
    `The connected role has rights on single tables of ${namespace} only, so that it cannot see which others reference them.`,
    {
      hint: `Run as an administrator: GRANT SELECT, REFERENCES ON ${quoted(exactPattern(namespace))}.* TO the role.`,
      details: { namespace, right: "references" },
    },
  );
}

/** Ids of the tables in the namespaces, and of whatever hangs together with them. */
function connected(
  tables: readonly Table[],
  relations: readonly Relation[],
  namespaces: readonly string[] | undefined,
): ReadonlySet<string> {
  if (!namespaces) return new Set(tables.map((table) => table.id));
  const kept = new Set(
    tables.filter((table) => namespaces.includes(table.namespace)).map((table) => table.id),
  );
  for (let size = -1; size !== kept.size; ) {
    size = kept.size;
    for (const { child, parent } of relations) {
      if (kept.has(child)) kept.add(parent);
      else if (kept.has(parent)) kept.add(child);
    }
  }
  return kept;
}

const byId = <T extends { readonly id: string }>(items: readonly T[]): readonly T[] =>
  items.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
