import type { Severity } from "./finding.ts";

/** A level of a rule: the severity of its findings, or that it does not run. */
export type Level = Severity | "off";

export interface RuleSettings {
  readonly level?: Level;
  readonly options: Readonly<Record<string, number>>;
}

/** Findings that somebody answers for until a day. */
export interface Ignore {
  readonly rule: string;
  /** The object of the findings, `*` standing for any text. */
  readonly object: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, in UTC: `2026-12-31`. */
  readonly expires: string;
}

/** What the configuration says about checks. */
export interface CheckSettings {
  /** By the rule's id. */
  readonly rules: Readonly<Record<string, RuleSettings>>;
  readonly ignores: readonly Ignore[];
  /** Files of Markdown that say what deletes do. */
  readonly documents: readonly string[];
}

/** Whether an ignore has run out. */
export const hasExpired = ({ expires }: Ignore, now: Date): boolean =>
  now.toISOString().slice(0, 10) > expires;
