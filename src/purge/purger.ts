import type { Engine } from "../dialect/engine.ts";
import type { Clock } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { Outcome } from "../model/operation.ts";
import type { Plan, Target } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Report } from "../model/progress.ts";

/** What a purge is given from outside: an open engine, the policy, and the verbs that it is made of. */
export interface Purger {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly report: Report;
  readonly plan: (target: Target, how: How) => Promise<Plan>;
  readonly delete: (
    target: Target,
    how: How & { readonly archive: boolean; readonly reason: string },
  ) => Promise<Outcome>;
}

/** A purge takes no row along that is live where its table has a marker, unless it goes by age alone. */
export interface How {
  readonly mode: Plan["mode"];
  readonly sparesLive: boolean;
}

export interface PurgeRequest {
  /** Names of retentions; all of them unless given. */
  readonly policies?: readonly string[];
  /** Whether to delete, and not only say what would be deleted. */
  readonly execute: boolean;
  readonly actor: string | null;
  readonly signal?: AbortSignal;
}
