import type { Privilege, Transaction } from "../engine.ts";
import { list, type Sql, sql } from "../sql.ts";

/**
 * Of the wanted rights those that the connected role lacks, in the order asked. Writing whole rows and reading them
 * takes the right on every column; an update takes it on one. A table that is not there lacks nothing.
 * @see https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-ACCESS
 */
export async function missingPrivileges(
  tx: Transaction,
  wanted: readonly Privilege[],
): Promise<readonly Privilege[]> {
  if (wanted.length === 0) return [];
  const rows = await tx.rows(sql`
    select w.position::text as position
    from (values ${list(wanted.map(wantedRow))}) w(position, tab, privilege)
    join pg_catalog.pg_class c on c.relkind in ('r', 'p')
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      and w.tab = case when n.nspname = current_schema() then c.relname else n.nspname || '.' || c.relname end
    where not has_schema_privilege(n.oid, 'usage') or not case
      when has_table_privilege(c.oid, w.privilege) then true
      when w.privilege = 'delete' then false
      when w.privilege = 'update' then has_any_column_privilege(c.oid, w.privilege)
      else (
        select bool_and(has_column_privilege(c.oid, a.attnum, w.privilege))
        from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
      end
    order by w.position`);
  const missing = new Set(rows.map((row) => Number(row.position)));
  return wanted.filter((_, position) => missing.has(position));
}

const wantedRow = ({ table, right }: Privilege, position: number): Sql =>
  sql`(${position}::integer, ${table}::text, ${right}::text)`;
