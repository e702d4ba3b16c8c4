import type { Engine } from "../dialect/engine.ts";
import type { Plan, PlanStep } from "../model/plan.ts";

/** A plan as one SQL script: its statements in one transaction, with what each of them is for. */
export function scriptOf(engine: Engine, plan: Plan): string {
  const head = [
    `-- deletes ${rows(plan.totals.deleted)} in all, updates ${rows(plan.totals.updated)}`,
    `-- Planned on ${plan.engine.name} ${plan.engine.version}: ${plan.target.table} where ${oneLine(plan.target.where)}; digest ${plan.digest}.`,
    "-- ondelete also locks the rows, checks every count, and keeps an archive; this script does not.",
  ];
  if (plan.verdict === "blocked")
    return [
      ...head,
      "-- The plan is blocked: there is nothing to run.",
      ...plan.blockers.map((b) => `-- ${oneLine(b.message)}`),
      "",
    ].join("\n");
  const body = plan.steps.flatMap((step, i) => [...titles(step, plan.steps[i - 1]), `${step.sql};`]);
  return [...head, ...engine.syntax.scriptStart, ...body, "commit;", ""].join("\n");
}

/** What the statement is for; what is the same as for the one before it is not said again. */
function titles(step: PlanStep, previous: PlanStep | undefined): readonly string[] {
  const what = step.kind === "select" ? [] : [`-- ${step.kind} ${rows(step.rows)} of ${step.table}`];
  return step.why === previous?.why ? what : [...what, `-- ${oneLine(step.why)}`];
}

const rows = (n: number): string => `${n} ${n === 1 ? "row" : "rows"}`;

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
