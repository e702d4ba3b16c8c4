import { createHash } from "node:crypto";
import { type Finding, SEVERITIES, type Standing } from "../model/finding.ts";
import type { Facts } from "./facts.ts";
import type { Found, Rule } from "./rule.ts";
import { docsOf } from "./rule-info.ts";

/** What a rule found, as it is told. */
export function findingOf(
  rule: Rule,
  found: Found,
  { facts, known }: { readonly facts: Facts; readonly known: ReadonlySet<string> },
): Finding {
  const { object, table, message, evidence, fix = null, location } = found;
  const level = facts.settings.rules[rule.id]?.level;
  const confidence = found.confidence ?? rule.confidence;
  const fingerprint = fingerprintOf(rule, found);
  const set = level !== undefined && level !== "off";
  return {
    rule: rule.id,
    severity: set ? level : (found.severity ?? rule.severity),
    confidence,
    object,
    table,
    message,
    evidence,
    fix,
    fingerprint,
    docs: docsOf(rule.id),
    standing: standingOf(fingerprint, { known, confirmed: set || confidence !== "inferred" }),
    ...(location ? { location } : {}),
  };
}

/** Of names alone: the same in every copy of a database, whatever was made first. */
export function fingerprintOf({ id }: Rule, { object, part = "" }: Found): string {
  return createHash("sha256")
    .update(JSON.stringify([id, object, part]))
    .digest("hex")
    .slice(0, 16);
}

function standingOf(
  fingerprint: string,
  { known, confirmed }: { readonly known: ReadonlySet<string>; readonly confirmed: boolean },
): Standing {
  if (known.has(fingerprint)) return "known";
  return confirmed ? "open" : "unconfirmed";
}

/** Errors first and guesses last, then by object, rule and fingerprint. */
export function worstFirst(a: Finding, b: Finding): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  const [left, right] = [a, b].map((f) => [f.object, f.rule, f.fingerprint]) as [string[], string[]];
  const at = left.findIndex((part, i) => part !== right[i]);
  return at < 0 ? 0 : (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

const rankOf = ({ severity, standing }: Finding): number =>
  SEVERITIES.indexOf(severity) + (standing === "unconfirmed" ? SEVERITIES.length : 0);
