import type { Table } from "../../model/table.ts";
import type { Transaction } from "../engine.ts";
import { sql } from "../sql.ts";

/** A table can have thousands of partitions, and one is enough to put a row into. */
const LOOKED_AT = 50;

/**
 * The condition of a partition, or of a partitioned table that one of its partitions takes the row. A default partition
 * takes whatever the others do not.
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG-TABLE
 */
export async function partitionBounds(
  tx: Transaction,
  { kind, namespace, name }: Table,
): Promise<string | null> {
  if (kind === "table") return null;
  const leaves =
    kind === "partition" ? sql`select c.oid` : sql`select relid from pg_partition_tree(c.oid) where isleaf`;
  const rows = await tx.rows(
    sql`select pg_get_partition_constraintdef(l.oid) as bounds from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace cross join lateral (${leaves}) as l (oid) where n.nspname = ${namespace} and c.relname = ${name} order by l.oid::text limit ${LOOKED_AT}`,
  );
  const bounds = rows.flatMap((row) => row.bounds ?? []);
  return bounds.length === 0 ? null : bounds.map((b) => `(${b})`).join(" or ");
}
