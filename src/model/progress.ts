import type { TableId } from "./table.ts";

/** How far a delete, a restore or a verification has come. */
export interface Progress {
  readonly phase: "planning" | "archiving" | "updating" | "deleting" | "inserting" | "checking" | "proving";
  /** The table at hand, null where it is none in particular. */
  readonly table: TableId | null;
  /** Rows of this phase that are done, the table's not yet among them. */
  readonly done: number;
  /** Rows (experiments, where it is `proving`) of this phase in all; 0 where they are not known yet. */
  readonly total: number;
}

/** Takes note of progress; called between statements. */
export type Report = (progress: Progress) => void;
