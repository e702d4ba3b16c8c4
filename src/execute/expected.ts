import { OnDeleteError } from "../error.ts";
import type { Plan } from "../model/plan.ts";

/** What a caller wants the plan to be that is made under the locks. */
export interface Expected {
  readonly digest?: string;
  readonly rows?: number;
  /** The plan that was confirmed, to show what differs. */
  readonly plan?: Plan;
  /** Accepts any difference. */
  readonly replan: boolean;
}

/** @throws `plan-changed` with the difference */
export function checkExpected(plan: Plan, expected: Expected): void {
  if (expected.replan) return;
  const changes = [
    ...verdict(plan, expected),
    ...structure(plan, expected),
    ...counts(plan, expected),
    ...digest(plan, expected),
  ];
  if (changes.length === 0) return;
  throw new OnDeleteError("plan-changed", `The plan changed since it was confirmed: ${changes.join("; ")}.`, {
    hint: "Nothing was changed. Look at the new plan and confirm it, or give --replan to accept whatever it is now.",
    details: {
      changes,
      digest: plan.digest,
      deleted: Object.fromEntries(plan.deletes.map((d) => [d.table, d.rows])),
    },
  });
}

function verdict(plan: Plan, { plan: confirmed }: Expected): readonly string[] {
  if (!confirmed) return [];
  if (!confirmed.complete) return ["it was not complete, so that nobody saw all of its rows"];
  if (confirmed.verdict === plan.verdict) return [];
  return [`it was ${confirmed.verdict} then and is ${plan.verdict} now`];
}

function structure(plan: Plan, { plan: confirmed }: Expected): readonly string[] {
  if (!confirmed || confirmed.fingerprint === plan.fingerprint) return [];
  return ["the tables, constraints or configuration it depends on are not the same any more"];
}

function counts(plan: Plan, expected: Expected): readonly string[] {
  const out: string[] = [];
  if (expected.rows !== undefined && expected.rows !== plan.totals.deleted) {
    out.push(`${plan.totals.deleted} rows would be deleted, ${expected.rows} were expected`);
  }
  const before = new Map(expected.plan?.deletes.map((d) => [d.table, d.rows]));
  const now = new Map(expected.plan ? plan.deletes.map((d) => [d.table, d.rows]) : []);
  for (const table of [...new Set([...before.keys(), ...now.keys()])].sort()) {
    const [was, is] = [before.get(table) ?? 0, now.get(table) ?? 0];
    if (was !== is) out.push(`${table}: ${was} rows then, ${is} now`);
  }
  return out;
}

function digest(plan: Plan, expected: Expected): readonly string[] {
  const wanted = expected.digest ?? expected.plan?.digest;
  if (wanted === undefined || wanted === plan.digest) return [];
  return [`its digest is ${plan.digest}, not ${wanted}: other rows than those that were confirmed`];
}

/** @throws `too-many-rows` */
export function checkComplete(plan: Plan): void {
  if (plan.complete) return;
  throw new OnDeleteError(
    "too-many-rows",
    `The delete takes at least ${plan.totals.deleted} rows, more than the limit allows; counting stopped at ${plan.stoppedAt}.`,
    {
      hint: "Nothing was changed. Raise --max-rows or limits.maxRows, or select fewer rows.",
      details: { atLeast: plan.totals.deleted, stoppedAt: plan.stoppedAt },
    },
  );
}
