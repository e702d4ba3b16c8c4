import { existsSync, readFileSync } from "node:fs";
import { type BaselineEntry, type Findings, OnDeleteError } from "../../index.ts";
import { writeOut } from "../plan-file.ts";
import { whyUnread } from "../why-unread.ts";

/**
 * The findings that a file says are known.
 * @throws OnDeleteError `usage` where it is missing or is no baseline
 */
export function readBaseline(file: string): readonly BaselineEntry[] {
  const invalid = (why: string, cause?: unknown) =>
    new OnDeleteError("usage", `The baseline ${file} cannot be used: ${why}.`, {
      hint: existsSync(file)
        ? `Remove ${file}, then write it anew with \`ondelete check --baseline FILE --update-baseline\`.`
        : "Write one with `ondelete check --baseline FILE --update-baseline`.",
      cause,
    });
  let value: { readonly ondelete?: unknown; readonly kind?: unknown; readonly findings?: unknown } | null;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw invalid(whyUnread(cause), cause);
  }
  const entries = value?.findings;
  if (value?.kind === "baseline" && value.ondelete !== "1")
    throw invalid(`its format is ${JSON.stringify(value.ondelete ?? null)}, and this version reads "1"`);
  if (value?.kind !== "baseline" || !Array.isArray(entries) || !entries.every(isEntry))
    throw invalid("it holds no baseline of ondelete");
  return entries;
}

const isEntry = (value: unknown): value is BaselineEntry => {
  const entry = (value ?? {}) as Partial<Record<keyof BaselineEntry, unknown>>;
  return [entry.fingerprint, entry.rule, entry.object].every((text) => typeof text === "string");
};

/** What is known before the first baseline is written. */
export const baselineBefore = (file: string): readonly BaselineEntry[] =>
  existsSync(file) ? readBaseline(file) : [];

/** Writes what was found now, one a line, sorted; entries that are not stale stay, as those of rules that did not run. */
export function writeBaseline(
  file: string,
  { findings, summary }: Findings,
  before: readonly BaselineEntry[],
): void {
  const stale = new Set(summary.stale.map((entry) => entry.fingerprint));
  const found = findings.map(({ fingerprint, rule, object }) => ({ fingerprint, rule, object }));
  const kept = before.filter((entry) => !stale.has(entry.fingerprint));
  const entries = [...new Map([...kept, ...found].map((e) => [e.fingerprint, e])).values()].sort(byRule);
  const lines = entries.map(({ fingerprint, rule, object }) => JSON.stringify({ rule, object, fingerprint }));
  const list = lines.length === 0 ? "[]" : `[\n    ${lines.join(",\n    ")}\n  ]`;
  writeOut(file, `{\n  "ondelete": "1",\n  "kind": "baseline",\n  "findings": ${list}\n}\n`);
}

function byRule(a: BaselineEntry, b: BaselineEntry): number {
  const [left, right] = [a, b].map((e) => [e.rule, e.object, e.fingerprint]) as [string[], string[]];
  const at = left.findIndex((part, i) => part !== right[i]);
  return at >= 0 && (left[at] ?? "") > (right[at] ?? "") ? 1 : -1;
}
