import type { Transaction } from "../../dialect/engine.ts";
import type { PlannedRows, Roots } from "../../dialect/planned.ts";
import type { ArchivePart } from "../../journal/archive.ts";
import type { Advance, Hold } from "../../journal/hold.ts";
import type { Blocker, Target } from "../../model/plan.ts";
import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { Work, WorkSource, WorkStep } from "../../model/work.ts";
import type { Carrier } from "../carry-out.ts";
import type { Slice } from "./cursor.ts";

/** What goes with some rows of one table. */
export interface FoundBatch {
  readonly blockers: readonly Blocker[];
  readonly rows: () => PlannedRows;
}

/** Finds what goes with some rows of one table, and locks all of it. */
export type FindBatch = (
  tx: Transaction,
  wanted: {
    readonly table: Table;
    readonly roots: Roots;
    readonly strict: boolean;
    readonly archive: boolean;
  },
) => Promise<FoundBatch>;

/** A batched operation in the hands of this process. */
export interface Worker extends Carrier {
  readonly find: FindBatch;
  /** The relations that plans follow. */
  readonly relations: readonly Relation[];
  readonly operation: string;
  readonly hold: Hold;
  readonly work: Work;
  readonly target: Target;
  readonly archive: boolean;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly signal?: AbortSignal;
}

/** Some rows to be deleted in one transaction. */
export interface BatchTask {
  readonly step: WorkStep;
  readonly source: WorkSource;
  readonly slice: Slice;
  /** The most rows of the step's table. */
  readonly limit: number;
  /** How many of them may go where all that reference the slice do. */
  readonly most: number;
  /** Whether all rows that reference the slice may go at once, where they are not far more than the limit. */
  readonly whole: boolean;
  readonly from: Advance;
  readonly parts: readonly ArchivePart[];
}
