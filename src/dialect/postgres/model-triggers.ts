import type { Trigger } from "../../model/table.ts";
import type { TriggerRow } from "./catalog-triggers.ts";

/** Whether a trigger or rule with that `tgenabled` fires in this session. */
export const fires = (enabled: string, replica: boolean): boolean =>
  enabled === "A" || enabled === (replica ? "R" : "O");

export const RULE_EVENTS: Readonly<Record<string, string>> = { "2": "update", "3": "insert", "4": "delete" };

/** Whether it is a rule that takes the place of every statement. */
export const isSubstitute = (row: TriggerRow): boolean =>
  row.instead === "true" && row.conditional === "false";

export function readTrigger(row: TriggerRow, replica: boolean): Trigger {
  const { name } = row;
  const enabled = fires(row.fires, replica);
  if (row.type === null) {
    const events = [RULE_EVENTS[row.rule_event ?? ""] ?? "delete"];
    return {
      name,
      timing: isSubstitute(row) ? "instead of" : "before",
      events,
      // One with a condition takes the place of the statement for some rows.
      level: row.instead === "true" && !isSubstitute(row) ? "row" : "statement",
      enabled,
    };
  }
  const bits = Number(row.type);
  const timing = bits & 64 ? "instead of" : bits & 2 ? "before" : "after";
  return { name, timing, events: eventsOf(bits), level: bits & 1 ? "row" : "statement", enabled };
}

/** @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/catalog/pg_trigger.h */
const eventsOf = (bits: number): readonly string[] =>
  (
    [
      ["delete", 8],
      ["insert", 4],
      ["truncate", 32],
      ["update", 16],
    ] as const
  )
    .filter(([, bit]) => bits & bit)
    .map(([event]) => event);

/** The server compares trigger names byte by byte. */
export const byFiring = (a: Trigger, b: Trigger): number =>
  Buffer.compare(Buffer.from(a.name), Buffer.from(b.name));
