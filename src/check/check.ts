import type { Engine } from "../dialect/engine.ts";
import { OnDeleteError } from "../error.ts";
import type { CheckSettings, Ignore } from "../model/check-settings.ts";
import type { CheckedDocument } from "../model/document-check.ts";
import type { Finding, Findings, SkippedRule } from "../model/finding.ts";
import type { Migration } from "../model/migration.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import type { SourceSchema } from "../model/source.ts";
import { didYouMean } from "../std/nearest.ts";
import type { CheckOptions } from "./check-options.ts";
import { type Facts, factsOf } from "./facts.ts";
import { findingOf, fingerprintOf, worstFirst } from "./finding.ts";
import { isIgnored, unusedIgnores } from "./ignores.ts";
import { withoutPartitions } from "./partitions.ts";
import type { Found, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { skipped } from "./skipped.ts";
import { summaryOf } from "./summary.ts";

/** What a check works with. */
export interface Checker {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly settings: CheckSettings;
  /** What the application's code says of the database. */
  readonly schemas: readonly SourceSchema[];
  readonly documents: readonly CheckedDocument[];
  readonly migrations: readonly Migration[];
  readonly clock: { readonly now: () => Date };
}

/**
 * Runs the rules.
 * @throws OnDeleteError `usage` where a rule is asked for that does not exist
 */
export async function check(checker: Checker, options: CheckOptions): Promise<Findings> {
  for (const id of options.rules ?? []) refuseUnknown(id);
  const { engine, model, policy, settings, schemas, migrations, documents, clock } = checker;
  const signal = options.signal ? { signal: options.signal } : {};
  const facts = factsOf({
    ...{ engine, model, policy, settings, schemas, migrations, documents },
    // A transaction for each: what one rule is refused is no end of it for the others.
    ask: (statement) => engine.read({ scratch: false, ...signal }, (tx) => tx.rows(statement)),
    now: clock.now(),
    ruleIds: rules.map((rule) => rule.id),
    data: options.data ?? false,
  });
  const { baseline = [], tables } = options;
  const known = new Set(baseline.map((entry) => entry.fingerprint));
  const shown = tables ? new Set(tables) : null;
  const found: Finding[] = [];
  const hidden = new Set<string>();
  const passed: SkippedRule[] = [];
  const unused: Ignore[] = [];
  let ignored = 0;
  for (const rule of rules) {
    const result = skipped(rule, facts, options) ?? (await run(rule, facts));
    if ("because" in result) {
      passed.push(result);
      continue;
    }
    unused.push(...unusedIgnores(rule, result, facts));
    const wanted = result.filter((f) => f.table === null || (shown?.has(f.table) ?? true));
    for (const f of result) if (!wanted.includes(f)) hidden.add(fingerprintOf(rule, f));
    const kept = wanted.filter((f) => !isIgnored(rule, f, facts));
    ignored += wanted.length - kept.length;
    found.push(...kept.map((f) => findingOf(rule, f, { facts, known })));
  }
  const findings = found.toSorted(worstFirst);
  const summary = summaryOf(findings, { skipped: passed, ignored, unused, baseline, hidden });
  return { ondelete: "1", kind: "findings", engine: engine.info, findings, summary };
}

function refuseUnknown(id: string): void {
  const ids = rules.map((rule) => rule.id);
  if (ids.includes(id)) return;
  throw new OnDeleteError("usage", `There is no rule ${id}.${didYouMean(id, ids)}`, {
    hint: "docs/rules/README.md lists the rules.",
  });
}

/** What the engine refuses a rule is told of, and the others still run. */
async function run(rule: Rule, facts: Facts): Promise<readonly Found[] | SkippedRule> {
  const { options = {} } = rule;
  const given = facts.settings.rules[rule.id]?.options ?? {};
  try {
    const found = await rule.find(facts, (name) => given[name] ?? options[name]?.unlessGiven ?? 0);
    return withoutPartitions(facts, found);
  } catch (error) {
    if (!(error instanceof OnDeleteError) || error.code === "interrupted") throw error;
    return { rule: rule.id, because: "failed", reason: error.message };
  }
}
