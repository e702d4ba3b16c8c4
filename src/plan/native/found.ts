import type { Experiment, ExperimentTask, Result } from "./experiment.ts";

/** What the reasons and remedies are found from. */
export interface Found {
  readonly task: ExperimentTask;
  readonly experiment: Experiment;
  /** Several where the order of rows decides. */
  readonly now: readonly Result[];
  readonly restored: readonly Result[];
  /** Of every order of the constraints; null where they are too many. */
  readonly all: readonly Result[] | null;
  /** Whether ondelete would carry the plan out. */
  readonly allowed: boolean;
}
