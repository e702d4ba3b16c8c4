import type { BlockReason, Plan } from "../../index.ts";

/** What to do about a blocker. */
const ADVICE: Readonly<Record<BlockReason, string>> = {
  restrict:
    "Delete or re-point these rows first, or give the relation another onDelete in ondelete.config.ts.",
  "no-action":
    "Delete or re-point these rows first, or give the relation another onDelete in ondelete.config.ts.",
  "not-null": "The column is NOT NULL: re-point these rows first, or have the relation cascade.",
  check: "A CHECK constraint refuses the new row: change these rows first.",
  unique: "The new rows would clash on a unique key: change or delete all but one of them first.",
  "default-missing": "The default refers to no row that stays: add that row, or re-point these rows first.",
  "required-cycle":
    "These rows require each other and the engine checks row by row: make one of the columns nullable.",
  privilege: "Have the privilege granted; `ondelete doctor` says what the role lacks.",
  protected:
    "The configuration protects this table: delete its rows on their own terms, or lift the protection.",
  external: "Clear the rows where they live first.",
};

export const advice = (reason: BlockReason): string => ADVICE[reason];

/** What a bare DELETE would do, in a sentence. */
export function nativeSentence(plan: Pick<Plan, "verdict" | "nativeVerdict">): string {
  if (plan.nativeVerdict === "order-dependent") {
    return "A bare DELETE may work or fail: it depends on the order in which the constraints were created.";
  }
  if (plan.nativeVerdict === "applies") {
    return plan.verdict === "allowed"
      ? "A bare DELETE would go through as well."
      : "A bare DELETE would go through: the database does not enforce what stands in the way.";
  }
  return plan.verdict === "allowed"
    ? "A bare DELETE would be refused; ondelete goes in an order that works."
    : "A bare DELETE would be refused too.";
}
