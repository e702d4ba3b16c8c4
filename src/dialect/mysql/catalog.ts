import { OnDeleteError } from "../../error.ts";
import type { CatalogScope, Row, Transaction } from "../engine.ts";
import { join, raw, type Sql, sql } from "../sql.ts";
import {
  type ActionRow,
  actions,
  type CheckRow,
  checks,
  FOREIGN_KEY_COLUMNS,
  type ForeignKeyColumnRow,
} from "./catalog-constraints.ts";
import { type IndexRow, indexes } from "./catalog-indexes.ts";
import {
  isMariaDb,
  LINKS,
  LINKS_OF_INNODB,
  type LinkRow,
  SESSION,
  type SessionRow,
} from "./catalog-session.ts";
import { COLUMNS, type ColumnRow, TABLES, type TableRow } from "./catalog-tables.ts";
import { TRIGGERS, type TriggerRow } from "./catalog-triggers.ts";
import { type Rights, readRights } from "./rights.ts";

/** The rows of the catalog that a model is made of, read in ten queries. */
export interface Catalog {
  readonly session: SessionRow & { readonly namespace: string };
  readonly mariadb: boolean;
  readonly rights: Rights;
  readonly links: readonly LinkRow[];
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly foreignKeyColumns: readonly ForeignKeyColumnRow[];
  readonly actions: readonly ActionRow[];
  readonly checks: readonly CheckRow[];
  readonly indexes: readonly IndexRow[];
  readonly triggers: readonly TriggerRow[];
}

/**
 * Reads the wanted databases, or else the connected one, and all that foreign keys connect with them.
 * @throws OnDeleteError `usage` where no database was selected
 */
export async function readCatalog(tx: Transaction, wanted: CatalogScope["namespaces"]): Promise<Catalog> {
  const session = await readSession(tx);
  const mariadb = isMariaDb(session.version);
  const rights = readRights(await tx.rows(raw("show grants")));
  const links = await readLinks(tx, session, rights);
  const namespaces = connected(wanted ?? [session.namespace], links);
  const query = async <R extends Row>(text: string): Promise<readonly R[]> =>
    (await tx.rows(ofEach(text, namespaces))) as readonly R[];
  return {
    session,
    mariadb,
    rights,
    links,
    tables: await query<TableRow>(TABLES),
    columns: await query<ColumnRow>(COLUMNS),
    foreignKeyColumns: await query<ForeignKeyColumnRow>(FOREIGN_KEY_COLUMNS),
    actions: await query<ActionRow>(actions(mariadb)),
    checks: await query<CheckRow>(checks(mariadb)),
    indexes: await query<IndexRow>(indexes(mariadb)),
    triggers: await query<TriggerRow>(TRIGGERS),
  };
}

/** @throws OnDeleteError `usage` where no database was selected */
export async function readSession(tx: Transaction): Promise<Catalog["session"]> {
  const [row] = (await tx.rows(raw(SESSION))) as readonly SessionRow[];
  if (!row) throw new Error("bug in ondelete: a select without FROM gave no row");
  const { namespace } = row;
  if (namespace === null) {
    throw new OnDeleteError("usage", "The connection has no database selected.", {
      hint: "Put the database into the URL: mysql://user@host/database.",
    });
  }
  return { ...row, namespace };
}

/** The foreign keys between databases, as far as they can be seen. */
export async function readLinks(
  tx: Transaction,
  session: SessionRow,
  rights: Rights,
): Promise<readonly LinkRow[]> {
  const all = isMariaDb(session.version) && rights.onServer("PROCESS");
  return (await tx.rows(raw(all ? LINKS_OF_INNODB : LINKS))) as readonly LinkRow[];
}

/** A query of the catalog for each of some databases: MariaDB looks one up fast that is given as a constant. */
export function ofEach(text: string, namespaces: readonly string[]): Sql {
  const [before = "", after = ""] = text.split("$1");
  const parts = namespaces.map((namespace) => sql`${raw(before)}${namespace}${raw(after)}`);
  return join(parts, " union all ");
}

/** The databases and those that foreign keys connect with them, in either direction, however far. */
export function connected(start: readonly string[], links: readonly LinkRow[]): readonly string[] {
  const found = new Set(start);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { child, parent } of links) {
      if (found.has(child)) found.add(parent);
      else if (found.has(parent)) found.add(child);
    }
  }
  return [...found].sort();
}
