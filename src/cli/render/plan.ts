import type { Blocker, Plan, Target } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { advice, nativeSentence } from "./advice.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { planTree, referenceOf } from "./tree.ts";
import { count, plain, samples, shellWord, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/**
 * A plan as a person reads it.
 *
 * @param command the words that repeat the target's options in the command to carry it out, e.g. `--strict`
 */
export function renderPlan(plan: Plan, screen: Screen, command: readonly string[] = []): string {
  const parts = [
    header(plan, screen),
    deletes(plan, screen),
    updates(plan, screen),
    blockers(plan, screen),
    inner(plan, screen),
    warnings(plan, screen),
    footer(plan, screen, command),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header(plan: Plan, { colors }: Screen): string {
  const { bold, dim, green, red, yellow } = colors;
  const { totals, target } = plan;
  const about = plan.complete ? "" : "at least ";
  const sum = `${about}${some(totals.deleted, "row")} of ${some(totals.tables, "table")}`;
  const verdict = plan.verdict === "allowed" ? green("ALLOWED") : red("BLOCKED");
  const nothing = target.rows === 0 ? "No row fits; nothing would be deleted." : null;
  const changes = totals.updated > 0 ? `, and updates ${about}${some(totals.updated, "row")} elsewhere` : "";
  const blocked = `${about}${some(totals.blocking, "row")} ${totals.blocking === 1 ? "stands" : "stand"} in the way of deleting ${sum}.`;
  return [
    `${bold(`Delete from ${plain(target.table)} where ${plain(target.where)}`)}  ${dim(engineTitle(plan.engine))}`,
    `${verdict}  ${nothing ?? (plan.verdict === "allowed" ? `deletes ${sum}${changes}.` : blocked)}`,
    nativeSentence(plan),
    ...(plan.complete
      ? []
      : [yellow(`The plan stopped at ${plain(plan.stoppedAt ?? "its limit")}; it is not complete.`)]),
  ].join("\n");
}

function deletes(plan: Plan, { colors, width }: Screen): string {
  if (plan.deletes.length === 0) return "";
  const rowsOf = new Map(plan.deletes.map((d) => [d.table, d.rows]));
  const lines = planTree(plan).map(({ branch, table, relations, first }) => [
    (branch === "" ? "" : colors.dim(branch)) + plain(table),
    first ? count(rowsOf.get(table) ?? 0) : colors.dim("above"),
    colors.dim(relations.map((r) => plain(referenceOf(r, table))).join("; ")),
  ]);
  const total = [colors.dim("total"), colors.bold(count(plan.totals.deleted)), ""];
  const head = [colors.bold("Deletes"), colors.dim("rows"), colors.dim("reached by")];
  return columns([head, ...lines, ...(plan.deletes.length > 1 ? [total] : [])], "lrl", width);
}

function updates(plan: Plan, { colors, width }: Screen): string {
  if (plan.updates.length === 0) return "";
  const words = { null: "set null", default: "set default", cascade: "follows its parent" };
  const lines = plan.updates.map((u) => [
    plain(`${u.table}.${u.columns.join(",")}`),
    words[u.set],
    count(u.rows),
    colors.dim(samples(u.sample, u.rows)),
  ]);
  return columns(
    [[colors.bold("Updates"), "", colors.dim("rows"), colors.dim("which")], ...lines],
    "llrl",
    width,
  );
}

function blockers(plan: Plan, screen: Screen): string {
  if (plan.blockers.length === 0) return "";
  const lines = plan.blockers.map((blocker) => blockerLines(blocker, screen));
  const some = plan.deletableRoots;
  const rest =
    some.length > 0 ? [`These could be deleted now: ${samples(some.slice(0, 5), some.length)}`] : [];
  return [screen.colors.red(screen.colors.bold("Blocked by")), ...lines, ...rest].join("\n");
}

function blockerLines(
  { relation, action, reason, rows, sample, message }: Blocker,
  { colors }: Screen,
): string {
  const head = `  ${plain(relation)}  ${colors.dim(action === reason ? action : `${action}, ${reason}`)}  ${some(rows, "row")}`;
  const which = sample.length > 0 ? `: ${samples(sample, rows)}` : "";
  return `${head}${which}\n    ${plain(message)}\n    ${colors.cyan("→")} ${advice(reason)}`;
}

function inner(plan: Plan, { colors, width }: Screen): string {
  if (plan.inner.length === 0) return "";
  const lines = plan.inner.map((edge) => [plain(edge.relation), count(edge.rows)]);
  return columns([[colors.bold("Between rows that go together"), colors.dim("rows")], ...lines], "lr", width);
}

function warnings(plan: Plan, { colors }: Screen): string {
  return plan.warnings
    .map((w) => `${colors.yellow("warning")} ${colors.dim(w.code)}  ${plain(w.message)}`)
    .join("\n");
}

function footer(plan: Plan, { colors }: Screen, command: readonly string[]): string {
  const what = plan.digestOf === "keys" ? "" : " (counts and key bounds)";
  const digest = colors.dim(`digest ${plan.digest}${what}`);
  if (plan.verdict === "blocked" || !plan.complete || plan.totals.deleted === 0) return digest;
  const words = ["ondelete", "delete", ...targetWords(plan.target), ...command, "--digest", plan.digest];
  return `${digest}\nTo do it: ${colors.cyan(words.map(shellWord).join(" "))}`;
}

/** The words of a command line that name a target again. */
export function targetWords({ table, select }: Target): readonly string[] {
  if (select.kind === "key") return [table, ...select.values];
  if (select.kind === "condition") return [table, "--where", select.sql];
  return [table, ...Object.entries(select.values).map(([column, value]) => `${column}=${value}`)];
}
