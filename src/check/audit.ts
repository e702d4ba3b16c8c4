import type { Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

const RECORDS =
  /(^|_)(audits?|audit_logs?|audit_trails?|audit_events?|ledgers?|ledger_entries|invoices?|payments?|consents?|receipts?)$/;
const MAYBE = /(^|_)(logs?|events?|history|histories|activity|activities|changes?)$/;
const ACTOR = /^(actor|user|author|member|admin|account|performed_by|created_by|changed_by|done_by)(_id)?$/;
const ACTION = /^(action|event|event_type|operation|verb|activity|action_type)$/;
const TIME = /(_at|_time|timestamp|_on|^time|^date)$/;
const PEOPLE =
  /(^|_)(users?|accounts?|customers?|tenants?|organi[sz]ations?|orgs?|workspaces?|members?|persons?|people|profiles?|teams?|compan(?:y|ies))$/;

/** `auditLog` and `AuditLog` as `audit_log`. */
const snake = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();

/**
 * Whether rows of a table are to outlive what they tell of: `certain` where the configuration says so, `inferred` by the
 * table's name, and for names that say little by its columns too (who, what, when); null where not.
 */
export function auditConfidence({ policy }: Facts, table: Table): "certain" | "inferred" | null {
  const tagged = policy.tables[table.id]?.audit;
  if (tagged !== undefined) return tagged ? "certain" : null;
  const name = snake(table.name);
  if (RECORDS.test(name)) return "inferred";
  const columns = table.columns.map((c) => snake(c.name));
  const told = [ACTOR, ACTION, TIME].every((pattern) => columns.some((c) => pattern.test(c)));
  return MAYBE.test(name) && told ? "inferred" : null;
}

/** Whether a table is named like one of people or of those that rows belong to. */
export const isOwner = (table: Table): boolean => PEOPLE.test(snake(table.name));

/** Whether a table holds a text about an actor that stays when the reference goes. */
export const hasSnapshot = (table: Table): boolean =>
  table.columns.some((c) =>
    /^(actor|user|author|member|admin|account|customer|created_by|performed_by|changed_by)_?(name|email|login|label|snapshot)$|^(username|email)$/.test(
      snake(c.name),
    ),
  );

/** Whether a column is named like one that says who did something. */
export const isActor = (column: string): boolean =>
  ACTOR.test(snake(column)) || /_by(_id)?$/.test(snake(column));
