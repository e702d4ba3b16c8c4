import type { OfTable } from "./catalog-tables.ts";

/**
 * Triggers. MariaDB shows them to a role with TRIGGER, INSERT, UPDATE or DELETE on the table (measured on 10.11), MySQL
 * to one with TRIGGER.
 * @see https://mariadb.com/kb/en/information-schema-triggers-table/
 */
export const TRIGGERS = `
select t.event_object_schema as namespace, t.event_object_table as tab, t.trigger_name as name,
  t.action_timing as timing, t.event_manipulation as event, t.action_order as position
from information_schema.triggers t
where t.trigger_schema = $1`;

export interface TriggerRow extends OfTable {
  readonly name: string;
  readonly timing: "BEFORE" | "AFTER";
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** Position among the triggers of the same table, event and timing, from 1. */
  readonly position: string;
}
