import type { Table, TableId } from "../../model/table.ts";
import type { ChangeCounter, Transaction } from "../engine.ts";
import { sql } from "../sql.ts";

/**
 * By the statistics of the running transaction, which count what referential actions do too; null where
 * `track_counts` is off. Inside a savepoint they are only added up when it ends.
 * @see https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-STATS-VIEWS
 */
export async function countChanges(tx: Transaction, tables: readonly Table[]): Promise<ChangeCounter | null> {
  if (tx.joined || tables.some((t) => t.kind !== "table")) return null;
  const before = await counts(tx, tables);
  if (before.size < tables.length) return null;
  return async () => {
    const after = await counts(tx, tables);
    const since = (what: keyof Counts) =>
      new Map(tables.map(({ id }) => [id, (after.get(id)?.[what] ?? 0) - (before.get(id)?.[what] ?? 0)]));
    return { kind: "by-table", deleted: since("deleted"), updated: since("updated") };
  };
}

interface Counts {
  readonly deleted: number;
  readonly updated: number;
}

async function counts(tx: Transaction, tables: readonly Table[]): Promise<ReadonlyMap<TableId, Counts>> {
  const names = tables.map((t) => sql`(${t.namespace}::text, ${t.name}::text)`);
  const rows = await tx.rows(sql`
    select s.schemaname::text as namespace, s.relname::text as name, s.n_tup_del::text as deleted,
      s.n_tup_upd::text as updated
    from pg_catalog.pg_stat_xact_user_tables s
    where current_setting('track_counts') = 'on' and (s.schemaname, s.relname) in (${sql.join(names)})`);
  const idOf = new Map(tables.map((t) => [JSON.stringify([t.namespace, t.name]), t.id]));
  return new Map(
    rows.map((row) => [
      idOf.get(JSON.stringify([row.namespace, row.name])) ?? "",
      { deleted: Number(row.deleted), updated: Number(row.updated) },
    ]),
  );
}
