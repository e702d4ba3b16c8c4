import type { BaselineEntry } from "../model/finding.ts";
import type { TableId } from "../model/table.ts";

export interface CheckOptions {
  /** Ids of the rules to run; all of them unless given. */
  readonly rules?: readonly string[];
  /** Only findings that belong to one of these tables, or to none; all of them unless given. */
  readonly tables?: readonly TableId[];
  /** Looks at rows too; only at the catalog unless true. */
  readonly data?: boolean;
  /** Findings that are known: they are listed, and do not count. */
  readonly baseline?: readonly BaselineEntry[];
  readonly signal?: AbortSignal;
}
