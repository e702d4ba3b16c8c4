import type { Privilege, Transaction } from "../engine.ts";
import { raw } from "../sql.ts";
import { connected, ofEach, readLinks, readSession } from "./catalog.ts";
import { TABLE_NAMES, type TableNameRow } from "./catalog-tables.ts";
import { readRights } from "./rights.ts";
import { keyOf, tableIds } from "./table-ids.ts";

/**
 * Of the wanted rights those that the connected account and its active roles lack, in the order asked; a right on some
 * columns counts where the others are not asked for. A table that the role may not see lacks them all. Locking rows (`FOR UPDATE`) takes SELECT
 * alone on MariaDB (measured on 10.11), on MySQL also one of DELETE, LOCK TABLES and UPDATE.
 * @see https://mariadb.com/kb/en/grant/
 * @see https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html
 */
export async function missingPrivileges(
  tx: Transaction,
  wanted: readonly Privilege[],
): Promise<readonly Privilege[]> {
  if (wanted.length === 0) return [];
  const session = await readSession(tx);
  const { namespace } = session;
  const rights = readRights(await tx.rows(raw("show grants")));
  // An id without a dot is a table of the connected database; the others may mean one or another, as in the model.
  const outside = wanted.some(({ table }) => table.includes("."));
  const namespaces = connected([namespace], outside ? await readLinks(tx, session, rights) : []);
  const rows = (await tx.rows(ofEach(TABLE_NAMES, namespaces))) as readonly TableNameRow[];
  const idOf = tableIds(rows, namespace);
  const tables = new Map(rows.map((row) => [idOf.get(keyOf(row)), row]));
  return wanted.filter(({ table, right, columns }) => {
    const found = tables.get(table);
    if (!found) return true;
    const named = { namespace: found.namespace, name: found.tab };
    if (rights.onTable(named, right.toUpperCase())) return false;
    const allowed = rights.columnsOf(named, right.toUpperCase());
    return !columns?.every((c) => allowed.includes(c.toLowerCase()));
  });
}
