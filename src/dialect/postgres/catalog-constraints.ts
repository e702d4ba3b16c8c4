import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

const names = (columns: string, table: string) => `(
    select json_agg(a.attname order by k.position)::text from unnest(${columns}) with ordinality k(num, position)
    join pg_catalog.pg_attribute a on a.attrelid = ${table} and a.attnum = k.num)`;

/**
 * Foreign keys, each once: those that a partition inherits have a `conparentid`. The last column of a PERIOD key is a
 * range.
 * @see https://www.postgresql.org/docs/current/catalog-pg-constraint.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-trigger.html
 */
export const foreignKeys = (version: number): string => `
with recursive firing as (
  select g.tgconstraint as id, count(*) as triggers from pg_catalog.pg_trigger g
  where g.tgconstraint <> 0 and g.tgenabled in ('O', 'A') group by g.tgconstraint
), derived as (
  select r.oid as id, r.oid as root, r.confrelid as parent, 4 as wanted from pg_catalog.pg_constraint r
  where r.contype = 'f' and r.conparentid = 0
  union all
  select r.oid, d.root, d.parent, 2 from derived d join pg_catalog.pg_constraint r on r.conparentid = d.id
), lacking as (
  select d.root, json_agg(distinct (case when r.confrelid = d.parent then r.conrelid else r.confrelid end)::text)::text as tables
  from derived d join pg_catalog.pg_constraint r on r.oid = d.id left join firing on firing.id = d.id
  where coalesce(firing.triggers, 0) < d.wanted
  group by d.root
)
select f.conname::text as name, f.conrelid::text as child, f.confrelid::text as parent,
  ${names("f.conkey", "f.conrelid")} as columns, ${names("f.confkey", "f.confrelid")} as parent_columns,
  ${version >= 150000 ? names("f.confdelsetcols", "f.conrelid") : "null"} as set_columns,
  f.confdeltype::text as on_delete, f.confupdtype::text as on_update, f.confmatchtype::text as match,
  f.condeferrable::text as deferrable, f.condeferred::text as deferred, f.convalidated::text as validated,
  ${version >= 180000 ? "f.conenforced" : "true"}::text as enforced,
  ${version >= 180000 ? "f.conperiod" : "false"}::text as period,
  t.tgname::text as trigger, t.tgenabled::text as fires,
  l.tables as incomplete
from pg_catalog.pg_constraint f
join pg_catalog.pg_class c on c.oid = f.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join (pg_catalog.pg_trigger t join pg_catalog.pg_proc p on p.oid = t.tgfoid and p.proname ~ '^RI_FKey_.*_del$')
  on t.tgconstraint = f.oid and t.tgrelid = f.confrelid
left join lacking l on l.root = f.oid
where f.contype = 'f' and f.conparentid = 0 and ${USER_TABLES}`;

export interface ForeignKeyRow extends Row {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  /** JSON arrays of names, in the order of the constraint. */
  readonly columns: string;
  readonly parent_columns: string;
  readonly set_columns: string | null;
  readonly on_delete: string;
  readonly on_update: string;
  readonly match: string;
  readonly deferrable: "true" | "false";
  readonly deferred: "true" | "false";
  readonly validated: "true" | "false";
  readonly enforced: "true" | "false";
  readonly period: "true" | "false";
  /** The trigger that acts when a parent is deleted; null for a constraint that is not enforced. */
  readonly trigger: string | null;
  readonly fires: string | null;
  /** A JSON array of tables where triggers of the constraint, or of those made from it for partitions, are disabled or missing. */
  readonly incomplete: string | null;
}

/** NOT NULL that old rows may violate: the column is nullable to whoever reads, and an update of such a row is refused. */
const NOT_NULL_NOT_VALID = `union all
select f.conrelid::text, f.conname::text, quote_ident(a.attname) || ' is not null', null, null, 'true', 'false', 0
from pg_catalog.pg_constraint f
join pg_catalog.pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1]
join pg_catalog.pg_class c on c.oid = f.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where f.contype = 'n' and not f.convalidated and ${USER_TABLES}`;

/**
 * Checks of tables, and of the domains of their columns with VALUE still in them. Those of a domain look at new values
 * only, so that old ones do not matter.
 */
export const checks = (version: number): string => `
with recursive domains as (
  select c.oid as tab, a.attname, a.attnum, t.oid as type
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_type t on t.oid = a.atttypid and t.typtype = 'd'
  where ${USER_TABLES}
  union all
  select d.tab, d.attname, d.attnum, b.oid
  from domains d join pg_catalog.pg_type t on t.oid = d.type
  join pg_catalog.pg_type b on b.oid = t.typbasetype and b.typtype = 'd'
)
select f.conrelid::text as tab, f.conname::text as name, pg_get_expr(f.conbin, f.conrelid) as expression,
  null as column, null as base, ${version >= 180000 ? "f.conenforced" : "true"}::text as enforced,
  f.convalidated::text as validated, 0 as position
from pg_catalog.pg_constraint f
join pg_catalog.pg_class c on c.oid = f.conrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where f.contype = 'c' and ${USER_TABLES}
${version >= 180000 ? NOT_NULL_NOT_VALID : ""}
union all
select d.tab::text, f.conname::text, pg_get_expr(f.conbin, 0), quote_ident(d.attname),
  (select format_type(l.typbasetype, l.typtypmod) from domains e join pg_catalog.pg_type l on l.oid = e.type
    join pg_catalog.pg_type b on b.oid = l.typbasetype and b.typtype <> 'd'
    where e.tab = d.tab and e.attnum = d.attnum), 'true', 'true', d.attnum
from domains d
join pg_catalog.pg_constraint f on f.contypid = d.type and f.contype = 'c'
order by tab, position, name`;

export interface CheckRow extends Row {
  readonly tab: string;
  readonly name: string;
  readonly expression: string;
  /** The column, quoted, and the type below all domains, for the check of a domain. */
  readonly column: string | null;
  readonly base: string | null;
  readonly enforced: "true" | "false";
  readonly validated: "true" | "false";
}
