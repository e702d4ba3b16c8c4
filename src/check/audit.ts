import { looksLikeAudit, snake } from "../model/guessed-audit.ts";
import type { Table } from "../model/table.ts";
import type { Facts } from "./facts.ts";

const PEOPLE =
  /(^|_)(users?|accounts?|customers?|tenants?|organi[sz]ations?|orgs?|workspaces?|members?|persons?|people|profiles?|teams?|compan(?:y|ies))$/;

/**
 * Whether rows of a table are to outlive what they tell of: `certain` where the configuration says so, `inferred` by the
 * table's name, and for names that say little by its columns too (who, what, when); null where not.
 */
export function auditConfidence({ policy }: Facts, table: Table): "certain" | "inferred" | null {
  const tagged = policy.tables[table.id]?.audit;
  if (tagged !== undefined) return tagged ? "certain" : null;
  return looksLikeAudit(table) ? "inferred" : null;
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
