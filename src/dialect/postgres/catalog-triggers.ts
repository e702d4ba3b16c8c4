import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

/**
 * User triggers, and rewrite rules, which can swallow a statement as an INSTEAD OF trigger would.
 * @see https://www.postgresql.org/docs/current/catalog-pg-trigger.html
 * @see https://www.postgresql.org/docs/current/catalog-pg-rewrite.html
 */
export const TRIGGERS = `
select t.tgrelid::text as tab, t.tgname::text as name, t.tgtype::text as type, t.tgenabled::text as fires,
  null as rule_event, null as instead, null as conditional
from pg_catalog.pg_trigger t
join pg_catalog.pg_class c on c.oid = t.tgrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where not t.tgisinternal and ${USER_TABLES}
union all
select r.ev_class::text, r.rulename::text, null, r.ev_enabled::text, r.ev_type::text, r.is_instead::text,
  (r.ev_qual::text <> '<>')::text
from pg_catalog.pg_rewrite r
join pg_catalog.pg_class c on c.oid = r.ev_class join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where r.ev_type <> '1' and ${USER_TABLES}`;

export interface TriggerRow extends Row {
  readonly tab: string;
  readonly name: string;
  /** The bits of `tgtype`; null for a rule. */
  readonly type: string | null;
  /** O: not on replicas, D: never, R: on replicas only, A: always. */
  readonly fires: string;
  /** 2 update, 3 insert, 4 delete; null for a trigger. */
  readonly rule_event: string | null;
  readonly instead: "true" | "false" | null;
  /** Whether a rule acts only where its condition holds. */
  readonly conditional: "true" | "false" | null;
}
