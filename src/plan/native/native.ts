import { ordersOf } from "../../graph/orders.ts";
import type { NativeDelete, NativeOutcome, NativeReason, Warning } from "../../model/plan.ts";
import { Experiment, type ExperimentTask, type Result } from "./experiment.ts";
import { notSimulated, reasonsOf } from "./reasons.ts";
import { saferOf } from "./safer.ts";
import type { Judgement } from "./verdict.ts";

/** What a bare DELETE is known to do from the schema and the counts of rows, and what it can be simulated on. */
export interface Native extends Judgement {
  /** Null where the plan is not complete, or the rows are about to be deleted and the question is not asked. */
  readonly task: ExperimentTask | null;
  /** Whether the plan changes the same rows as the constraints alone. */
  readonly asPlanned: boolean;
}

/** What was found out about a bare DELETE. */
export interface NativeFound extends Judgement {
  readonly native: NativeDelete;
}

/** What is known without looking at the rows. */
export function withoutRows(native: Native): NativeFound {
  const { verdict, warnings } = native;
  if (verdict === "order-dependent") {
    const reason = notSimulated([], "The rows were not looked at one by one.");
    return unknown(native, [reason]);
  }
  const outcome = verdict === "applies" && !native.asPlanned ? "diverges" : verdict;
  return {
    verdict,
    warnings,
    native: { verdict, now: outcome, afterRestore: outcome, reasons: [], safer: [] },
  };
}

const unknown = ({ verdict, warnings }: Judgement, reasons: readonly NativeReason[]): NativeFound => ({
  verdict,
  warnings,
  native: { verdict, now: "unknown", afterRestore: "unknown", reasons, safer: [] },
});

/** Simulates the bare DELETE where the schema alone does not tell what it does. */
export async function explore(native: Native, allowed: boolean): Promise<NativeFound> {
  const { task } = native;
  if (native.verdict !== "order-dependent" || task === null) return withoutRows(native);
  const experiment = new Experiment(task);
  const { relations } = experiment;
  const now = await experiment.run(relations);
  const later = task.scope.engine.native.restored(relations, task.scope.model);
  const restored = await experiment.run(later);
  const all = await everyOrder(experiment);
  const certain = all && sure(all);
  if (certain)
    return withoutRows({ ...native, verdict: certain, warnings: native.asPlanned ? [] : native.warnings });
  const found = { task, experiment, now, restored, all, allowed };
  const diverges = [...now, ...restored, ...(all ?? [])].some((r) => r.kind === "diverges");
  return {
    verdict: native.verdict,
    warnings: diverges && native.warnings.length === 0 ? [OTHER_STATE] : native.warnings,
    native: {
      verdict: native.verdict,
      now: outcomeOf(now, native.asPlanned),
      afterRestore: outcomeOf(restored, native.asPlanned),
      reasons: await reasonsOf(found),
      safer: await saferOf(found),
    },
  };
}

const OTHER_STATE: Warning = {
  code: "native-diverges",
  message:
    "A bare DELETE may leave another state than planned; which one depends on the order in which the engine runs its constraints.",
};

/** Results of every order of the constraints that compete; null where they are too many. */
async function everyOrder(experiment: Experiment): Promise<readonly Result[] | null> {
  for (;;) {
    const { competing } = experiment;
    const orders = ordersOf(experiment.relations, competing, experiment.size);
    if (!orders) return null;
    const results: Result[] = [];
    for (const order of orders) results.push(...(await experiment.run(order)));
    // In some order other constraints may have come to work.
    if (experiment.competing.flat().length === competing.flat().length) return results;
  }
}

/** What holds in every order, if anything does. */
function sure(results: readonly Result[]): "applies" | "refused" | null {
  const kinds = new Set(results.map((r) => r.kind));
  const [kind] = kinds;
  return kinds.size === 1 && (kind === "applies" || kind === "refused") ? kind : null;
}

function outcomeOf(results: readonly Result[], asPlanned: boolean): NativeOutcome {
  const [first, second] = results;
  if (!first || second) return "unknown";
  return first.kind === "applies" && !asPlanned ? "diverges" : first.kind;
}
