import type { Conflict, RestorePlan } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { deliveryLines } from "./delivery.ts";
import { sum } from "./outcome.ts";
import { count, plain, samples, some } from "./words.ts";

/** What a restore would write, or wrote, as a person reads it. */
export function renderRestore(
  plan: RestorePlan,
  { colors, width }: Pick<Terminal, "colors" | "width">,
): string {
  const done = plan.state === "done";
  const inserted = done ? "inserted" : "to insert";
  const linked = done ? changed(plan) : `to be ${changed(plan)}`;
  const inserts = Object.entries(plan.inserts).map(([table, rows]) => [plain(table), inserted, count(rows)]);
  const updates = Object.entries(plan.updates).map(([table, rows]) => [plain(table), linked, count(rows)]);
  const skipped = Object.entries(plan.skipped).map(([table, rows]) => [
    plain(table),
    done ? "skipped" : "to be skipped",
    count(rows),
  ]);
  const renamed = plan.renamed.map((r) => [
    plain(`${r.table}.${r.column}`),
    done ? "renamed" : "to be renamed",
    count(r.rows),
  ]);
  const moved = plan.reparented.map(({ relation, parent, rows }) => [
    plain(relation),
    parent
      ? `${done ? "moved" : "to move"} to ${samples([parent], 1)}`
      : done
        ? "reference lost"
        : "to lose the reference",
    count(rows),
  ]);
  const conflicts = plan.conflicts.map((conflict) => conflictLines(conflict, colors));
  const warnings = plan.warnings.map(
    (w) => `${colors.yellow("warning")} ${colors.dim(w.code)}  ${plain(w.message)}`,
  );
  return [
    headline(plan, colors),
    columns([...inserts, ...updates, ...renamed, ...moved, ...skipped], "llr", width),
    ...(conflicts.length > 0 ? [colors.red(colors.bold("Conflicts")), ...conflicts] : []),
    ...warnings,
    ...deliveryLines(plan.delivery, { colors }),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** What comes of the rows that are still there. */
const changed = ({ mode }: RestorePlan): string => (mode === "soft" ? "live again" : "re-linked");

function headline(plan: RestorePlan, colors: Terminal["colors"]): string {
  const [inserts, updates] = [some(sum(plan.inserts), "row"), count(sum(plan.updates))];
  if (plan.state === "done") {
    return `${colors.green("RESTORED")}  operation ${plan.operation}: ${inserts} inserted, ${updates} ${changed(plan)}.`;
  }
  if (plan.conflicts.length > 0) {
    return `${colors.red("STOPPED")}  operation ${plan.operation}: ${some(plan.conflicts.length, "conflict")}; nothing was written.`;
  }
  return `${colors.bold(`Restore operation ${plan.operation}`)}: ${inserts} to insert, ${updates} to be ${changed(plan)}.`;
}

function conflictLines({ table, kind, rows, sample, message }: Conflict, colors: Terminal["colors"]): string {
  const which = sample.length > 0 ? `: ${samples(sample, rows)}` : "";
  return `  ${plain(table)}  ${colors.dim(kind)}  ${some(rows, "row")}${which}\n    ${plain(message)}`;
}
