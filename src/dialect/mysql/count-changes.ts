import { setTimeout } from "node:timers/promises";
import type { Table } from "../../model/table.ts";
import type { ChangeCounter, Transaction } from "../engine.ts";
import { raw } from "../sql.ts";
import { readRights } from "./rights.ts";

/**
 * The server looks at its transactions anew when nobody has looked for a tenth of a second. Others may be looking all the
 * time, so that it is tried again after times that differ.
 */
const STALE_MS = 110;
const TRIES = 8;

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
    let now = (await modified()) - journalRows;
    for (let tries = 0; now < expected && tries < TRIES; tries++) {
      await setTimeout(STALE_MS * (1 + tries / 3));
      now = (await modified()) - journalRows;
    }
    return { kind: "total", rows: now };
  };
}
