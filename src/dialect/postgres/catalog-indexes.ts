import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

/**
 * Indexes with the entries that are keys; INCLUDE columns are none. `pg_get_indexdef` of one entry leaves out
 * collation, operator class and direction, so that they are put back where they are not the default.
 * @see https://www.postgresql.org/docs/current/catalog-pg-index.html
 */
export const indexes = (version: number): string => `
select i.indrelid::text as tab, x.relname::text as name, m.amname::text as method, i.indisunique::text as unique,
  i.indisprimary::text as primary, i.indisexclusion::text as exclusion, (i.indisvalid and i.indislive)::text as valid,
  pg_get_expr(i.indpred, i.indrelid) as predicate,
  ${version >= 150000 ? "(not i.indnullsnotdistinct)" : "true"}::text as nulls_distinct, e.columns, e.entries
from pg_catalog.pg_index i
join pg_catalog.pg_class x on x.oid = i.indexrelid
join pg_catalog.pg_am m on m.oid = x.relam
join pg_catalog.pg_class c on c.oid = i.indrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join lateral (
  select json_agg(a.attname order by k.num)::text as columns,
    json_agg(
      coalesce(quote_ident(a.attname), pg_get_indexdef(i.indexrelid, k.num, false))
      || coalesce(' collate ' || l.collation, '')
      || case when o.opcdefault then '' else ' ' || quote_ident(o.opcname) end
      || case when k.option & 1 = 1 then ' desc' else '' end
      || case when k.option & 3 = 2 then ' nulls first' when k.option & 3 = 1 then ' nulls last' else '' end
      order by k.num)::text as entries
  from (
    select num, i.indkey[num - 1] as att, i.indoption[num - 1] as option, i.indclass[num - 1] as class,
      i.indcollation[num - 1] as coll
    from generate_series(1, i.indnkeyatts) num) k
  left join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.att and k.att <> 0
  left join pg_catalog.pg_opclass o on o.oid = k.class
  left join lateral (
    select quote_ident(ln.nspname) || '.' || quote_ident(lc.collname) as collation
    from pg_catalog.pg_collation lc join pg_catalog.pg_namespace ln on ln.oid = lc.collnamespace
    where lc.oid = k.coll and k.coll <> a.attcollation) l on true) e
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
  /** JSON arrays, parallel: names, null for an expression; and how each entry is written. */
  readonly columns: string;
  readonly entries: string;
}
