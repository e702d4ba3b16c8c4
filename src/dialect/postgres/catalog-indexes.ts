import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

/**
 * Indexes with the entries that are keys; INCLUDE columns are none. `pg_get_indexdef` of one entry leaves out the
 * collation, which is put back where it is not the column's, and the operator class, of which the equality is read
 * where it is not the type's default.
 * @see https://www.postgresql.org/docs/current/catalog-pg-index.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-amop.html
 */
export const indexes = (version: number): string => `
select i.indrelid::text as tab, x.relname::text as name, m.amname::text as method, i.indisunique::text as unique,
  i.indisprimary::text as primary, i.indisexclusion::text as exclusion, (i.indisvalid and i.indislive)::text as valid,
  pg_get_expr(i.indpred, i.indrelid) as predicate,
  ${version >= 150000 ? "(not i.indnullsnotdistinct)" : "true"}::text as nulls_distinct, e.columns, e.entries, e.operators
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_constraint f on f.conindid = i.indexrelid and f.conrelid = i.indrelid and f.conexclop is not null
cross join lateral (
  select json_agg(a.attname order by k.num)::text as columns,
    json_agg(
      coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.num, false))
      || coalesce(' collate ' || l.collation, '')
      order by k.num)::text as entries,
    case when count(q.operator) > 0 then json_agg(coalesce(q.operator, '=') order by k.num)::text end as operators
  from (
    select num, i.indkey[num - 1] as att, i.indclass[num - 1] as class, i.indcollation[num - 1] as coll
    from generate_series(1, i.indnkeyatts) num) k
  left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.att and k.att <> 0
  left join pg_catalog.pg_opclass o on o.oid = k.class
  left join lateral (
    select quote_ident(ln.nspname) || '.' || quote_ident(lc.collname) as collation
    from pg_catalog.pg_collation lc join pg_catalog.pg_namespace ln on ln.oid = lc.collnamespace
    where lc.oid = k.coll and k.coll is distinct from a.attcollation) l on true
  left join lateral (
    select 'operator(' || quote_ident(pn.nspname) || '.' || p.oprname || ')' as operator
    from pg_catalog.pg_operator p join pg_catalog.pg_namespace pn on pn.oid = p.oprnamespace
    where p.oid = coalesce(f.conexclop[k.num], case when i.indisunique and not o.opcdefault then (
      select s.amopopr from pg_catalog.pg_amop s
      where s.amopfamily = o.opcfamily and s.amopstrategy = 3
        and s.amoplefttype = o.opcintype and s.amoprighttype = o.opcintype) end)) q on true) e
where ${USER_TABLES}
order by i.indrelid, x.relname collate "C"`;

export interface IndexRow extends Row {
  readonly tab: string;
  readonly name: string;
  readonly method: string;
  readonly unique: "true" | "false";
  readonly primary: "true" | "false";
  readonly exclusion: "true" | "false";
  readonly valid: "true" | "false";
  readonly predicate: string | null;
  readonly nulls_distinct: "true" | "false";
  /** JSON arrays, parallel: names, null for an expression; each entry as an expression; what compares them. */
  readonly columns: string;
  readonly entries: string;
  /** Null where all entries collide by the default equality of their type. */
  readonly operators: string | null;
}
