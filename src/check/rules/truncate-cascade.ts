import type { TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import { stepsOfKind } from "../migration-steps.ts";
import type { Rule } from "../rule.ts";

/** It asks no action: every table that references one of those goes empty, RESTRICT or not. */
export const truncateCascade: Rule = {
  id: "truncate-cascade",
  severity: "error",
  confidence: "certain",
  title: "TRUNCATE … CASCADE in a migration",
  wants: "migrations",
  find: (facts) =>
    stepsOfKind(facts.migrations, "rows-removed")
      .filter(({ step }) => step.cascade)
      .map(({ step: { table }, statement: { location }, migration }) => {
        const along = referencing(table, facts);
        const others =
          along.length > 0 ? `, and with it ${along.join(", ")}, whatever their actions say` : "";
        return {
          object: table,
          table: null,
          part: migration.file,
          location,
          message: `TRUNCATE … CASCADE empties ${table}${others}. No trigger for rows fires, and nothing is archived.`,
          evidence: { tables: along },
          fix: {
            description: "Name the tables that are to be emptied, or delete by way of ondelete.",
            sql: null,
          },
        };
      }),
};

/** The tables that reference one, and those that reference these, by name. */
function referencing(table: TableId, { declared }: Facts): readonly TableId[] {
  const found = new Set([table]);
  for (const parent of found)
    for (const { child } of declared.relations.filter((r) => r.parent === parent)) found.add(child);
  found.delete(table);
  return [...found].toSorted();
}
