import { hasExpired, type Ignore } from "../model/check-settings.ts";
import { textPattern } from "../std/text-pattern.ts";
import type { Facts } from "./facts.ts";
import type { Found, Rule } from "./rule.ts";

/** Whether the configuration, the database itself or the code says to leave a finding out. */
export function isIgnored(rule: Rule, found: Found, facts: Facts): boolean {
  // What is wrong with an ignore is not for an ignore to hide.
  if (rule.id === "ignore-invalid") return false;
  return byConfiguration(rule, found, facts) || byComment(rule, found, facts) || byCode(rule, found, facts);
}

function byComment(rule: Rule, { table, columns = [] }: Found, facts: Facts): boolean {
  const ignores = table === null ? [] : (facts.table(table).ignores ?? []);
  return ignores.some(
    (ignore) =>
      ignore.rule === rule.id &&
      ignore.reason !== null &&
      (ignore.columns.length === 0 || ignore.columns.some((name) => columns.includes(name))),
  );
}

/** A comment in code, at what the finding points to. */
function byCode(rule: Rule, { location }: Found, { schemas, migrations }: Facts): boolean {
  if (!location) return false;
  return [...schemas, ...migrations]
    .flatMap(({ ignores }) => ignores)
    .some(
      (ignore) =>
        ignore.rule === rule.id &&
        ignore.reason !== null &&
        ignore.location.file === location.file &&
        ignore.location.line <= location.line &&
        location.line <= ignore.until,
    );
}

function byConfiguration(rule: Rule, found: Found, { settings, now }: Facts): boolean {
  return settings.ignores.some((ignore) => !hasExpired(ignore, now) && isMeant(ignore, rule, found));
}

const isMeant = (ignore: Ignore, rule: Rule, { object }: Found): boolean =>
  ignore.rule === rule.id && textPattern(ignore.object).test(object);

/** The configuration's ignores of a rule that hold and hide none of what it found. */
export function unusedIgnores(
  rule: Rule,
  found: readonly Found[],
  { settings, now }: Facts,
): readonly Ignore[] {
  return settings.ignores.filter(
    (ignore) =>
      ignore.rule === rule.id && !hasExpired(ignore, now) && !found.some((f) => isMeant(ignore, rule, f)),
  );
}
