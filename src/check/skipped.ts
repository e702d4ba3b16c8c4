import type { SkippedRule } from "../model/finding.ts";
import type { CheckOptions } from "./check-options.ts";
import type { Facts } from "./facts.ts";
import type { Rule } from "./rule.ts";

/** Why a rule does not run; null where it does. */
export function skipped(rule: Rule, facts: Facts, options: CheckOptions): SkippedRule | null {
  const { id } = rule;
  if (options.rules && !options.rules.includes(id))
    return { rule: id, because: "not-asked", reason: "Other rules were asked for." };
  // A rule that is asked for by name runs whatever the configuration says.
  if (!options.rules && facts.settings.rules[id]?.level === "off")
    return { rule: id, because: "off", reason: "The configuration switches it off." };
  const reason = rule.notHere?.(facts) ?? null;
  if (reason !== null) return { rule: id, because: "not-here", reason };
  if (rule.wants === "data" && !options.data)
    return { rule: id, because: "wants", reason: "It looks at rows, which takes --data." };
  if (rule.wants === "source" && facts.schemas.length === 0)
    return {
      rule: id,
      because: "wants",
      reason: "It looks at code, which takes a source in the configuration.",
    };
  if (rule.wants === "documents" && facts.documents.length === 0)
    return {
      rule: id,
      because: "wants",
      reason: "It looks at documents, which takes checks.documents in the configuration.",
    };
  if (rule.wants === "migrations" && facts.migrations.length === 0)
    return { rule: id, because: "wants", reason: "It looks at migrations, which takes --migrations FILES." };
  return null;
}
