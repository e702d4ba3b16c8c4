import type { Finding, Findings, RuleInfo } from "../../index.ts";

/** What a report needs to know beside the findings. */
export interface ReportContext {
  readonly rules: readonly RuleInfo[];
  /** The version of ondelete. */
  readonly version: string;
  /** Whether a finding ends the check with 1. */
  readonly fails: (finding: Finding) => boolean;
}

/** Findings in the words of another tool. */
export type Report = (found: Findings, context: ReportContext) => string;
