import type { BaselineEntry } from "../model/finding.ts";
import type { TableId } from "../model/table.ts";

export interface CheckOptions {
  /** Ids of the rules to run; all of them unless given. */
  readonly rules?: readonly string[];
  /** Only findings that belong to one of these tables, or to none; all of them unless given. */
  readonly tables?: readonly TableId[];
  /** Looks at rows too; only at the catalog unless true. */
  readonly data?: boolean;
  /** Files of SQL to look at, in the order in which they run; none unless given. */
  readonly migrations?: readonly string[];
  /**
   * Whether what runs the migrations begins a transaction for each file; unless given, only for files of drizzle-kit,
   * whose migrator does.
   */
  readonly inTransaction?: boolean;
  /** Findings that are known: they are listed, and do not count. */
  readonly baseline?: readonly BaselineEntry[];
  readonly signal?: AbortSignal;
}
