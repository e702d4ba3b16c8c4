import type { Ignore } from "../model/check-settings.ts";
import type { BaselineEntry, Finding, FindingsSummary, SkippedRule } from "../model/finding.ts";
import { rules } from "./rules.ts";

/** Counts what was found, and says what was not looked for. */
export function summaryOf(
  findings: readonly Finding[],
  {
    skipped,
    ignored,
    unused,
    baseline,
    hidden,
  }: {
    readonly skipped: readonly SkippedRule[];
    readonly ignored: number;
    readonly unused: readonly Ignore[];
    readonly baseline: readonly BaselineEntry[];
    /** Fingerprints of findings about tables that are not shown. */
    readonly hidden: ReadonlySet<string>;
  },
): FindingsSummary {
  const left = new Set(skipped.map((s) => s.rule));
  const ran = rules.map((rule) => rule.id).filter((id) => !left.has(id));
  const there = new Set([...hidden, ...findings.map((f) => f.fingerprint)]);
  const count = (holds: (finding: Finding) => boolean) => findings.filter(holds).length;
  return {
    errors: count((f) => f.severity === "error"),
    warnings: count((f) => f.severity === "warning"),
    infos: count((f) => f.severity === "info"),
    known: count((f) => f.standing === "known"),
    unconfirmed: count((f) => f.standing === "unconfirmed"),
    ignored,
    unused: unused.map(({ rule, object }) => ({ rule, object })),
    ran: ran.toSorted(),
    skipped: skipped.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
    // A rule that did not run could not have found it.
    stale: baseline.filter((entry) => !left.has(entry.rule) && !there.has(entry.fingerprint)),
  };
}
