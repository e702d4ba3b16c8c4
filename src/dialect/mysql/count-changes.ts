import { setTimeout } from "node:timers/promises";
import type { Table } from "../../model/table.ts";
import type { ChangeCounter, Transaction } from "../engine.ts";
import { raw } from "../sql.ts";
import { readRights } from "./rights.ts";

/** The server looks at its transactions anew when what it shows is a tenth of a second old. */
const STALE_MS = 110;

const MODIFIED = `select trx_rows_modified as modified from information_schema.innodb_trx
  where trx_mysql_thread_id = connection_id()`;

/**
 * By the rows that InnoDB has changed in this transaction, cascades included, which takes the privilege PROCESS; null
 * without it, in a caller's transaction, and where triggers may change other rows. What is shown may be old and then is
 * too little, never too much.
 * @see https://mariadb.com/kb/en/information-schema-innodb_trx-table/
 */
export async function countChanges(tx: Transaction, tables: readonly Table[]): Promise<ChangeCounter | null> {
  if (tx.joined || tables.some((t) => t.nonTransactional || t.triggers.length > 0)) return null;
  if (!readRights(await tx.rows(raw("show grants"))).onServer("PROCESS")) return null;
  const modified = async () => Number((await tx.rows(raw(MODIFIED)))[0]?.modified ?? 0);
  return async (expected, journalRows) => {
    const now = (await modified()) - journalRows;
    if (now === expected) return { kind: "total", rows: now };
    await setTimeout(STALE_MS);
    return { kind: "total", rows: (await modified()) - journalRows };
  };
}
