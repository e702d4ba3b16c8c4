import { hasExpired } from "../model/check-settings.ts";
import { textPattern } from "../std/text-pattern.ts";
import type { Facts } from "./facts.ts";
import type { Found, Rule } from "./rule.ts";

/** Whether the configuration or the database itself says to leave a finding out. */
export function isIgnored(rule: Rule, { object }: Found, { settings, now }: Facts): boolean {
  return settings.ignores.some(
    (ignore) =>
      ignore.rule === rule.id && !hasExpired(ignore, now) && textPattern(ignore.object).test(object),
  );
}
