import type { TableId } from "../../model/table.ts";
import type { Privilege, Row, Transaction } from "../engine.ts";
import { list, sql } from "../sql.ts";
import { tableIds } from "./table-ids.ts";

/**
 * Of the wanted rights those that the connected role lacks, in the order asked. Writing whole rows and reading them
 * takes the right on every column; an update takes it on those that it writes. A table that is not there lacks nothing.
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-ACCESS
 */
export async function missingPrivileges(
  tx: Transaction,
  wanted: readonly Privilege[],
): Promise<readonly Privilege[]> {
  if (wanted.length === 0) return [];
  const oids = await oidsByTable(tx);
  const asked = wanted.flatMap(({ table, right, columns = [] }, position) => {
    const oid = oids.get(table);
    const names = sql`array[${list(columns.map((c) => sql`${c}::text`))}]::text[]`;
    return oid === undefined ? [] : [sql`(${position}::integer, ${oid}::oid, ${right}::text, ${names})`];
  });
  if (asked.length === 0) return [];
  const rows = await tx.rows(sql`
    select w.position::text as position
    from (values ${list(asked)}) w(position, tab, privilege, columns)
    join pg_catalog.pg_class c on c.oid = w.tab
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where not has_schema_privilege(n.oid, 'usage') or not case
      when has_table_privilege(c.oid, w.privilege) then true
      when w.privilege = 'delete' then false
      when w.privilege = 'update' and w.columns <> '{}' then (
        select bool_and(has_column_privilege(c.oid, name, w.privilege)) from unnest(w.columns) name)
      when w.privilege = 'update' then has_any_column_privilege(c.oid, w.privilege)
      else (
        select bool_and(has_column_privilege(c.oid, a.attnum, w.privilege))
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
      end
    order by w.position`);
  const missing = new Set(rows.map((row) => Number(row.position)));
  return wanted.filter((_, position) => missing.has(position));
}

async function oidsByTable(tx: Transaction): Promise<ReadonlyMap<TableId, string>> {
  const rows = await tx.rows(sql`
    select c.oid::text as oid, n.nspname::text as namespace, c.relname::text as name,
      coalesce(current_schema(), 'public')::text as schema
    from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't'
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`);
  const tables = rows as readonly (Row & Readonly<Record<"oid" | "namespace" | "name" | "schema", string>>)[];
  const ids = tableIds(tables, tables[0]?.schema ?? "");
  return new Map([...ids].map(([oid, id]) => [id, oid]));
}
