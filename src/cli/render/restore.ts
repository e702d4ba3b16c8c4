import type { RestorePlan } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { sum } from "./outcome.ts";
import { count, plain, samples, some } from "./words.ts";

/** What a restore would write, or wrote, as a person reads it. */
export function renderRestore(
  plan: RestorePlan,
  { colors, width }: Pick<Terminal, "colors" | "width">,
): string {
  const inserts = Object.entries(plan.inserts).map(([table, rows]) => [
    plain(table),
    "inserted",
    count(rows),
  ]);
  const updates = Object.entries(plan.updates).map(([table, rows]) => [
    plain(table),
    "re-linked",
    count(rows),
  ]);
  const conflicts = plan.conflicts.map((c) => {
    const which = samples(c.sample, c.rows);
    return `  ${plain(c.table)}  ${colors.dim(c.kind)}  ${some(c.rows, "row")}${which === "" ? "" : `: ${which}`}\n    ${plain(c.message)}`;
  });
  const warnings = plan.warnings.map(
    (w) => `${colors.yellow("warning")} ${colors.dim(w.code)}  ${plain(w.message)}`,
  );
  return [
    headline(plan, colors),
    columns([...inserts, ...updates], "llr", width),
    ...(conflicts.length > 0 ? [colors.red(colors.bold("Conflicts")), ...conflicts] : []),
    ...warnings,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function headline(plan: RestorePlan, colors: Terminal["colors"]): string {
  const rows = `${some(sum(plan.inserts), "row")} inserted, ${count(sum(plan.updates))} re-linked`;
  if (plan.state === "done") return `${colors.green("RESTORED")}  operation ${plan.operation}: ${rows}.`;
  if (plan.conflicts.length > 0) {
    return `${colors.red("STOPPED")}  operation ${plan.operation}: ${some(plan.conflicts.length, "conflict")}; nothing was written.`;
  }
  return `${colors.bold(`Restore operation ${plan.operation}`)}: ${rows}.`;
}
