import type { Model } from "../../model/model.ts";
import type { Table } from "../../model/table.ts";
import type { CatalogScope, Transaction } from "../engine.ts";
import { type Catalog, readCatalog } from "./catalog.ts";
import { parseCreateTable } from "./ddl/create-table.ts";
import { faultyKeysOf } from "./faulty-keys.ts";
import { journalNames } from "./journal.ts";
import { refusalsOf } from "./mismatches.ts";
import { foldName } from "./name.ts";
import { buildRelations } from "./relations.ts";
import { tableBuilder } from "./table.ts";

/** The one namespace of a SQLite database; foreign keys cannot reach into an attached one. */
const NAMESPACE = "main";

/** Reads the model of the main database. */
export async function readModel(tx: Transaction, scope: CatalogScope): Promise<Model> {
  if (scope.namespaces && !scope.namespaces.includes(NAMESPACE)) {
    return { defaultNamespace: NAMESPACE, tables: [], relations: [] };
  }
  const catalog = withoutJournal(await readCatalog(tx), scope.journal);
  const build = tableBuilder(catalog);
  const built = catalog.tables.map((row) => build(row, parseCreateTable(row.sql)));
  const refusals = refusalsOf(catalog, built);
  const withRefusals = (table: Table): Table => {
    const found = refusals(table);
    return found.length === 0 ? table : { ...table, refusals: found };
  };
  const tables = built.map(({ table }) => withRefusals(table)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const faultyKeys = faultyKeysOf(catalog, built);
  return {
    defaultNamespace: NAMESPACE,
    tables,
    relations: buildRelations(catalog, built),
    ...(faultyKeys.length > 0 ? { faultyKeys } : {}),
  };
}

function withoutJournal(catalog: Catalog, journal: CatalogScope["journal"]): Catalog {
  const ours = new Set(journalNames(journal).map(foldName));
  return { ...catalog, tables: catalog.tables.filter((row) => !ours.has(foldName(row.name))) };
}
