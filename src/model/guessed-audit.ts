import type { Table } from "./table.ts";

const RECORDS =
  /(^|_)(audits?|audit_logs?|audit_trails?|audit_events?|ledgers?|ledger_entries|invoices?|payments?|consents?|receipts?)$/;
const MAYBE = /(^|_)(logs?|events?|history|histories|activity|activities|changes?)$/;
const ACTION = /^(action|event|event_type|operation|verb|activity|action_type)$/;
const TIME = /(_at|_time|timestamp|_on|^time|^date)$/;
const ACTOR = /^(actor|user|author|member|admin|account|performed_by|created_by|changed_by|done_by)(_id)?$/;

/** `auditLog` and `AuditLog` as `audit_log`. */
export const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/**
 * Whether a table looks like one whose rows are to outlive what they tell of: by its name, and for names that say little
 * by its columns too (who, what, when).
 */
export function looksLikeAudit(table: Pick<Table, "name" | "columns">): boolean {
  const name = snake(table.name);
  if (RECORDS.test(name)) return true;
  const columns = table.columns.map((c) => snake(c.name));
  const told = [ACTOR, ACTION, TIME].every((pattern) => columns.some((c) => pattern.test(c)));
  return MAYBE.test(name) && told;
}

/** Whether a column is named like one that says who did something. */
export const isActor = (column: string): boolean =>
  ACTOR.test(snake(column)) || /_by(_id)?$/.test(snake(column));
