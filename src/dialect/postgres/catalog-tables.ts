import type { Row } from "../engine.ts";
import { JOURNAL_TABLES } from "./journal-tables.ts";

/** Every catalog query takes the journal's schema as its one parameter; other tables in that schema are the user's. */
export const USER_TABLES = `c.relkind in ('r', 'p') and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not (n.nspname = $1::text and c.relname in (${JOURNAL_TABLES.map((name) => `'${name}'`).join(", ")}))`;

/** @see https://www.postgresql.org/docs/current/functions-info.html */
export const SESSION = `
select coalesce(current_schema(), 'public') as "schema",
  current_setting('server_version_num') as version,
  (current_setting('session_replication_role') = 'replica')::text as replica`;

export interface SessionRow extends Row {
  readonly schema: string;
  readonly version: string;
  /** Whether only triggers fire that are meant for replicas. */
  readonly replica: "true" | "false";
}

/** @see https://www.postgresql.org/docs/current/catalog-pg-class.html */
export const TABLES = `
select c.oid::text as oid, n.nspname::text as namespace, c.relname::text as name, c.relkind::text as relkind,
  case when c.relispartition then pg_partition_root(c.oid)::oid::text end as root,
  case when c.relispartition then (select i.inhparent::text from pg_catalog.pg_inherits i where i.inhrelid = c.oid)
    end as parent,
  c.reltuples::text as estimate, (c.relkind = 'r' and c.relhassubclass)::text as inheritors, row_security_active(c.oid)::text as secured
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where ${USER_TABLES}`;

export interface TableRow extends Row {
  readonly oid: string;
  readonly namespace: string;
  readonly name: string;
  readonly relkind: "r" | "p";
  /** The partitioned table at the top, and the one just above; null for a table that is no partition. */
  readonly root: string | null;
  readonly parent: string | null;
  /** -1 where the table was never analysed (0 before version 14). */
  readonly estimate: string;
  readonly secured: "true" | "false";
  /** True also for a while after the last inheriting table was dropped. */
  readonly inheritors: "true" | "false";
}

const quoted = (namespace: string, name: string) =>
  `quote_ident(${namespace}) || '.' || quote_ident(${name})`;

const VALIDATED = `not exists (select 1 from pg_catalog.pg_constraint v
    where v.conrelid = col.tab and v.contype = 'n' and v.conkey[1] = col.attnum and not v.convalidated)`;

/**
 * Domains are followed to the type below them, which may be a domain too: `depth` 0 is the column's own type. Only its
 * default is a column's: a domain takes over the default of the one below it when it is made, and none later.
 * @see https://www.postgresql.org/docs/current/catalog-pg-attribute.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-type.html
 */
export const columns = (version: number): string => `
with recursive col as (
  select c.oid as tab, n.nspname as namespace, a.*
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where ${USER_TABLES}
), used as (
  select distinct atttypid as oid, atttypmod as mod from col
), below as (
  select u.oid as start, u.mod as startmod, t.oid, u.mod, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, 0 as depth
  from used u join pg_catalog.pg_type t on t.oid = u.oid
  union all
  select b.start, b.startmod, t.oid, b.typtypmod, t.typtype, t.typbasetype, t.typtypmod, t.typnotnull, b.depth + 1
  from below b join pg_catalog.pg_type t on t.oid = b.typbasetype where b.typtype = 'd'
), base as (
  select distinct on (start, startmod) start, startmod, oid, mod, typtype, depth,
    bool_or(typnotnull) over (partition by start, startmod) as required
  from below order by start, startmod, depth desc
)
select col.tab::text as tab, col.attname::text as name, format_type(col.atttypid, col.atttypmod) as type,
  case when base.depth > 0 then format_type(base.oid, base.mod) end as base,
  (not (col.attnotnull${version >= 180000 ? ` and ${VALIDATED}` : ""}) and not base.required)::text as nullable,
  coalesce(pg_get_expr(d.adbin, d.adrelid), pg_get_expr(t.typdefaultbin, 0),
    quote_literal(t.typdefault) || '::' || format_type(t.oid, null)) as expression, col.attgenerated::text as generated, col.attidentity::text as identity,
  (select ${quoted("sn.nspname", "s.relname")}
    from pg_catalog.pg_depend p
    join pg_catalog.pg_class s on s.relkind = 'S'
      and s.oid = case when p.classid = 'pg_catalog.pg_class'::regclass then p.objid else p.refobjid end
    join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace
    where p.classid = 'pg_catalog.pg_class'::regclass and p.refclassid = 'pg_catalog.pg_class'::regclass
        and p.refobjid = col.tab and p.refobjsubid = col.attnum and p.deptype in ('a', 'i')
      or p.classid = 'pg_catalog.pg_attrdef'::regclass and p.objid = d.oid
        and p.refclassid = 'pg_catalog.pg_class'::regclass
        and pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(''[^()]*''::regclass\\)$'
    order by p.deptype = 'i' desc, p.deptype = 'n' desc, s.oid limit 1) as sequence,
  (select case when cn.nspname = 'pg_catalog' then '' else quote_ident(cn.nspname) || '.' end || quote_ident(l.collname)
    from pg_catalog.pg_collation l join pg_catalog.pg_namespace cn on cn.oid = l.collnamespace
    where l.oid = col.attcollation and l.oid <> t.typcollation) as collation,
  (select json_agg(e.enumlabel order by e.enumsortorder)::text
    from pg_catalog.pg_enum e where e.enumtypid = base.oid) as labels
from col
join base on base.start = col.atttypid and base.startmod = col.atttypmod
join pg_catalog.pg_type t on t.oid = col.atttypid
left join pg_catalog.pg_attrdef d on d.adrelid = col.tab and d.adnum = col.attnum
order by col.tab, col.attnum`;

export interface ColumnRow extends Row {
  readonly tab: string;
  readonly name: string;
  readonly type: string;
  readonly base: string | null;
  readonly nullable: "true" | "false";
  /** The default, the column's own or its type's, or what a generated column is computed from. */
  readonly expression: string | null;
  readonly generated: "" | "s" | "v";
  readonly identity: "" | "a" | "d";
  readonly sequence: string | null;
  readonly collation: string | null;
  /** A JSON array of texts. */
  readonly labels: string | null;
}
