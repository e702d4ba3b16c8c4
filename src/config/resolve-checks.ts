import type { CheckSettings, RuleSettings } from "../model/check-settings.ts";
import type { RuleInfo } from "../model/finding.ts";
import { didYouMean } from "../std/nearest.ts";
import type { ChecksConfig, RuleConfig } from "./config.ts";
import { type ConfigProblem, invalidConfig, printPath } from "./config-problem.ts";

/**
 * What the configuration says about checks, its names compared with the rules that there are.
 *
 * @throws OnDeleteError `config-invalid`, showing each entry and the nearest right name
 */
export function resolveChecks(config: ChecksConfig | undefined, known: readonly RuleInfo[]): CheckSettings {
  const { rules = {}, ignores = [], documents = [] } = config ?? {};
  const problems = [
    ...Object.entries(rules).flatMap(([id, entry]) => ruleProblems(id, entry, known)),
    ...ignores.flatMap((entry, i) =>
      unknownRule(entry.rule, known, { path: ["checks", "ignores", i, "rule"], entry }),
    ),
  ];
  if (problems.length > 0) throw invalidConfig(null, problems);
  return {
    rules: Object.fromEntries(Object.entries(rules).map(([id, entry]) => [id, settingsOf(entry)])),
    ignores,
    documents,
  };
}

function settingsOf(entry: RuleConfig): RuleSettings {
  if (typeof entry === "string") return { level: entry, options: {} };
  const { level, ...rest } = entry;
  const options = Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (typeof value === "number" ? [[name, value]] : [])),
  );
  return { ...(level === undefined ? {} : { level }), options };
}

function ruleProblems(id: string, entry: RuleConfig, known: readonly RuleInfo[]): readonly ConfigProblem[] {
  const path = ["checks", "rules", id];
  const rule = known.find((r) => r.id === id);
  if (!rule) return unknownRule(id, known, { path, entry });
  const options = Object.keys(rule.options);
  return Object.keys(settingsOf(entry).options)
    .filter((name) => !options.includes(name))
    .map((name) => ({
      path: printPath([...path, name]),
      message: `the rule ${id} has no option "${name}".${didYouMean(name, ["level", ...options])}`,
      entry: JSON.stringify(entry),
    }));
}

function unknownRule(
  id: string,
  known: readonly RuleInfo[],
  { path, entry }: { readonly path: readonly PropertyKey[]; readonly entry: unknown },
): readonly ConfigProblem[] {
  const ids = known.map((rule) => rule.id);
  if (ids.includes(id)) return [];
  const message = `there is no rule "${id}".${didYouMean(id, ids)}`;
  return [{ path: printPath(path), message, entry: JSON.stringify(entry) }];
}
