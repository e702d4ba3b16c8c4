import { hasExpired } from "../../model/check-settings.ts";
import { didYouMean } from "../../std/nearest.ts";
import type { Found, Rule } from "../rule.ts";

/** An ignore that holds no more, or never did, is worse than none: somebody counts on it. */
export const ignoreInvalid: Rule = {
  id: "ignore-invalid",
  severity: "error",
  confidence: "certain",
  title: "An ignore that has expired, gives no reason, or names no rule",
  find: ({ settings, now, tables, ruleIds, schemas, migrations }) => [
    ...settings.ignores
      .filter((ignore) => hasExpired(ignore, now))
      .map(
        ({ rule, object, reason, owner, expires }): Found => ({
          object,
          part: `expired ${rule}`,
          table: null,
          message: `The ignore of ${rule} for ${object} ended on ${expires}: what it hid is reported again. ${owner} answers for it; the reason was "${reason}".`,
          evidence: { rule, owner, expires },
          fix: { description: "Mend what it hides, or give it a later day, in `checks.ignores`.", sql: null },
        }),
      ),
    ...tables.flatMap((table) =>
      (table.ignores ?? [])
        .filter(({ rule, reason }) => reason === null || !ruleIds.includes(rule))
        .map(({ rule, columns }): Found => {
          const known = ruleIds.includes(rule);
          const why = known ? "gives no reason" : "names a rule that does not exist";
          return {
            object: table.id,
            part: `comment ${rule} ${columns.join()}`,
            table: table.id,
            columns,
            message: `The comment "ondelete-ignore ${rule}" on ${[table.id, ...columns].join(".")} ${why}, and so does not hold.${known ? "" : didYouMean(rule, ruleIds)}`,
            evidence: { rule },
            fix: { description: "Write `ondelete-ignore <rule> -- reason`, or take it out.", sql: null },
          };
        }),
    ),
    ...[...schemas, ...migrations].flatMap(({ ignores }) =>
      ignores
        .filter(({ rule, reason }) => reason === null || !ruleIds.includes(rule))
        .map(({ rule, location }): Found => {
          const known = ruleIds.includes(rule);
          const why = known ? "gives no reason" : "names a rule that does not exist";
          return {
            object: location.file,
            part: `code ${rule} ${location.line}`,
            table: null,
            location,
            message: `The comment "ondelete-ignore ${rule}" in line ${location.line} of ${location.file} ${why}, and so does not hold.${known ? "" : didYouMean(rule, ruleIds)}`,
            evidence: { rule },
            fix: { description: "Write `ondelete-ignore <rule> -- reason`, or take it out.", sql: null },
          };
        }),
    ),
  ],
};
