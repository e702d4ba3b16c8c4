import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

/**
 * The comments on tables and their columns that say something to `check`.
 * @see https://www.postgresql.org/docs/current/catalog-pg-description.html
 */
export const COMMENTS = `
select d.objoid::text as tab, a.attname::text as col, d.description as text
from pg_catalog.pg_description d
join pg_catalog.pg_class c on c.oid = d.objoid and d.classoid = 'pg_catalog.pg_class'::regclass
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
where d.description like '%ondelete-ignore%' and ${USER_TABLES}
order by d.objoid, d.objsubid`;

export interface CommentRow extends Row {
  readonly tab: string;
  /** Null for a comment on the table. */
  readonly col: string | null;
  readonly text: string;
}
