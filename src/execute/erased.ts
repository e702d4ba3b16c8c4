import type { JournalEntry } from "../journal/journal.ts";
import type { Plan } from "../model/plan.ts";

/** What is written down of an erasure: tables, relations and counts, and no value of a row, not even hashed. */
export function erased(plan: Plan): Pick<JournalEntry, "state" | "target" | "plan" | "digest"> {
  const { rows, table } = plan.target;
  // A comment, so that it selects nothing where somebody takes it for a condition.
  const where = `/* ${rows === 1 ? "1 row" : `${rows} rows`}, erased */`;
  const target = { table, select: { kind: "condition", sql: where } } as const;
  return {
    state: "erased",
    target,
    digest: "erased",
    plan: {
      ...plan,
      target: { ...plan.target, where, select: target.select },
      updates: plan.updates.map((u) => ({ ...u, sample: [] })),
      deletableRoots: [],
      digest: "erased",
    },
  };
}
