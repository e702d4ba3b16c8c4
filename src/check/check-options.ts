import type { BaselineEntry } from "../model/finding.ts";

export interface CheckOptions {
  /** Ids of the rules to run; all of them unless given. */
  readonly rules?: readonly string[];
  /** Looks at rows too; only at the catalog unless true. */
  readonly data?: boolean;
  /** Findings that are known: they are listed, and do not count. */
  readonly baseline?: readonly BaselineEntry[];
  readonly signal?: AbortSignal;
}
