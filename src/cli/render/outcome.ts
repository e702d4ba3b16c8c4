import type { Outcome } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { deliveryLines } from "./delivery.ts";
import { renderPlan } from "./plan.ts";
import { count, plain, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** What a delete did, as a person reads it; of a blocked one the plan that says why. */
export function renderOutcome(outcome: Outcome, screen: Screen): string {
  const { colors, width } = screen;
  if (outcome.state === "blocked" && outcome.operation === null) {
    const plan = outcome.plan ? `${renderPlan(outcome.plan, screen)}\n\n` : "";
    return `${plan}${colors.red("Nothing was deleted.")}`;
  }
  const how = outcome.mode === "soft" ? "deleted softly" : "deleted";
  const deleted = Object.entries(outcome.deleted).map(([table, rows]) => [plain(table), how, count(rows)]);
  const updated = Object.entries(outcome.updated).map(([table, rows]) => [
    plain(table),
    "updated",
    count(rows),
  ]);
  const color = outcome.state === "done" ? colors.green : colors.yellow;
  if (outcome.operation === null) return `${color("DONE")}  nothing to do: no row was ${how}.`;
  return [
    `${color(outcome.state.toUpperCase())}  ${some(sum(outcome.deleted), "row")} ${how}, ${count(sum(outcome.updated))} updated in ${outcome.seconds.toFixed(2)} s.`,
    columns([...deleted, ...updated], "llr", width),
    `Operation ${outcome.operation}${outcome.batches > 1 ? ` in ${count(outcome.batches)} batches` : ""}`,
    ...(outcome.blockers ?? []).map((b) => `${colors.red("blocked by")} ${plain(b.message)}`),
    ...(GOES_ON.includes(outcome.state)
      ? [`To go on: ${colors.cyan(`ondelete resume ${outcome.operation}`)}`]
      : []),
    outcome.undo === null
      ? "It cannot be undone: no archive was kept."
      : `To undo it: ${colors.cyan(outcome.undo)}`,
    ...(outcome.warnings ?? []).map(
      (w) => `${colors.yellow("warning")} ${colors.dim(w.code)}  ${plain(w.message)}`,
    ),
    ...deliveryLines(outcome.delivery, screen),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** States from which an operation can be resumed. */
const GOES_ON: readonly Outcome["state"][] = ["paused", "failed", "blocked"];

export const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((a, b) => a + b, 0);
