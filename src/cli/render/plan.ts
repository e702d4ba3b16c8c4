import type { Blocker, Plan, Target } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { advice } from "./advice.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { nativeLines, nativeSentence } from "./native.ts";
import { planTree, referenceOf } from "./tree.ts";
import { count, plain, samples, shellWord, some } from "./words.ts";
import { hanging } from "./wrapped.ts";

type Screen = Pick<Terminal, "colors" | "width">;

const SHOWN = 3;

/**
 * A plan as a person reads it.
 *
 * @param command the words that repeat the target's options in the command to carry it out, e.g. `--strict`; null
 * where that is what is going on
 */
export function renderPlan(plan: Plan, screen: Screen, command: readonly string[] | null = []): string {
  const parts = [
    header(plan, screen),
    deletes(plan, screen),
    updates(plan, screen),
    blockers(plan, screen),
    inner(plan, screen),
    nativeLines(plan, screen),
    warnings(plan, screen),
    footer(plan, screen, command),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function header(plan: Plan, { colors, width }: Screen): string {
  const verb = plan.mode === "soft" ? "Delete softly" : "Delete";
  const title = colors.bold(`${verb} from ${plain(plan.target.table)} where ${plain(plan.target.where)}`);
  const sentences = verdict(plan, colors).split("\n");
  return [
    `${title}  ${colors.dim(engineTitle(plan.engine))}`,
    ...sentences.map((sentence) => hanging("", sentence, width)),
  ].join("\n");
}

function verdict(plan: Plan, { green, red, yellow }: Screen["colors"]): string {
  const { deleted, tables, updated, blocking } = plan.totals;
  const sum = `${some(deleted, "row")} of ${some(tables, "table")}${plan.mode === "soft" ? " softly" : ""}`;
  if (!plan.complete) {
    const where = plain(plan.stoppedAt ?? "its limit");
    return `${yellow("INCOMPLETE")}  deletes at least ${sum}. The plan stopped at ${where}; nothing is known of what comes after.`;
  }
  if (plan.verdict === "blocked") {
    const stand = `${some(blocking, "row")} ${blocking === 1 ? "stands" : "stand"} in the way`;
    return `${red("BLOCKED")}  ${stand} of deleting ${sum}.\n${nativeSentence(plan)}`;
  }
  if (plan.target.rows === 0) return `${green("ALLOWED")}  no row fits; nothing would be deleted.`;
  const changes = updated > 0 ? `, and updates ${some(updated, "row")} elsewhere` : "";
  return `${green("ALLOWED")}  deletes ${sum}${changes}.\n${nativeSentence(plan)}`;
}

function deletes(plan: Plan, { colors, width }: Screen): string {
  if (plan.deletes.length === 0) return "";
  const rowsOf = new Map(plan.deletes.map((d) => [d.table, d.rows]));
  const soft = plan.mode === "soft";
  const lines = planTree(plan).map(({ branch, table, relations, first }) => [
    (branch === "" ? "" : colors.dim(branch)) + plain(table),
    first ? count(rowsOf.get(table) ?? 0) : colors.dim("above"),
    ...(soft ? [first ? handling(plan, table) : ""] : []),
    colors.dim(relations.map((r) => plain(referenceOf(r, table))).join("; ")),
  ]);
  const what = soft ? [""] : [];
  const total = [colors.dim("total"), colors.bold(count(plan.totals.deleted)), ...what, ""];
  const head = [
    colors.bold(soft ? "Deletes softly" : "Deletes"),
    colors.dim("rows"),
    ...what,
    colors.dim(lines.length > 1 ? "reached by" : ""),
  ];
  const all = [head, ...lines, ...(plan.deletes.length > 1 ? [total] : [])];
  return columns(all, soft ? "lrll" : "lrl", width);
}

/** What a soft delete does with a table's rows. */
function handling(plan: Plan, table: string): string {
  if (plan.kept.some((k) => k.table === table)) return "kept, behind their parent";
  if (plan.archived.some((a) => a.table === table)) return "moved to the archive";
  const rows = plan.deletes.find((d) => d.table === table)?.rows ?? 0;
  const marked = plan.marked.find((m) => m.table === table)?.rows ?? 0;
  if (marked === rows) return "marked";
  return marked === 0 ? "deleted softly before" : `${count(marked)} marked, the others were before`;
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
  const { colors, width } = screen;
  // What to do stands once below all blockers that it helps against.
  const groups = [...Map.groupBy(plan.blockers, ({ reason }) => advice(reason))].flatMap(([what, list]) => [
    ...list.map((blocker) => blockerLines(blocker, screen)),
    hanging(`  ${colors.cyan("→")} `, what, width),
  ]);
  const some = plan.deletableRoots;
  const now = `These could be deleted now: ${samples(some.slice(0, 5), some.length)}`;
  const rest = some.length > 0 ? [hanging("", now, width)] : [];
  return [colors.red(colors.bold("Blocked by")), ...groups, ...rest].join("\n");
}

function blockerLines(blocker: Blocker, { colors, width }: Screen): string {
  const { relation, action, reason, rows, sample } = blocker;
  const why = reason === action || reason === "no-action" ? action : `${action}, ${reason}`;
  return [
    `  ${plain(relation)}  ${colors.dim(why)}  ${some(rows, "row")}`,
    ...(sample.length > 0 ? [hanging("    ", samples(sample, rows), width)] : []),
    ...(saysMore(blocker) ? [hanging("    ", plain(blocker.message), width)] : []),
  ].join("\n");
}

/** Of a relation without a named constraint that blocks by its action, the line above the message says all of it. */
const saysMore = ({ reason, message, relation }: Blocker): boolean =>
  (reason !== "restrict" && reason !== "no-action") || !message.includes(relation);

function inner(plan: Plan, { colors, width }: Screen): string {
  if (plan.inner.length === 0) return "";
  const lines = plan.inner.map((edge) => [plain(edge.relation), count(edge.rows)]);
  return columns([[colors.bold("Between rows that go together"), colors.dim("rows")], ...lines], "lr", width);
}

/** Of many warnings of one kind the first ones, and what is said of several relations once; all are in the JSON. */
function warnings(plan: Plan, { colors, width }: Screen): string {
  const kinds = Map.groupBy(plan.warnings, (warning) => warning.code);
  const lines = [...kinds].flatMap(([code, list]) => {
    const found = [...new Set(list.map((w) => w.message))];
    const shown = found.length > SHOWN + 1 ? found.slice(0, SHOWN) : found;
    const lead = `${colors.yellow("warning")} ${colors.dim(code)}  `;
    const texts = shown.map((message) => hanging(lead, plain(message), width));
    const rest = found.length - shown.length;
    return rest > 0
      ? [...texts, colors.dim(`        and ${count(rest)} more ${code}; --json lists them`)]
      : texts;
  });
  return lines.join("\n");
}

function footer(plan: Plan, { colors }: Screen, command: readonly string[] | null): string {
  const what = plan.digestOf === "keys" ? "" : " (counts and key bounds)";
  const digest = colors.dim(`digest ${plan.digest}${what}`);
  if (command === null || plan.verdict === "blocked" || !plan.complete || plan.totals.deleted === 0)
    return digest;
  const words = ["ondelete", "delete", ...targetWords(plan.target), ...command, "--digest", plan.digest];
  return `${digest}\nTo do it: ${colors.cyan(words.map(shellWord).join(" "))}`;
}

/** The words of a command line that name a target again. */
export function targetWords({ table, select }: Target): readonly string[] {
  if (select.kind === "key") return [table, ...select.values];
  if (select.kind === "condition") return [table, "--where", select.sql];
  return [table, ...Object.entries(select.values).map(([column, value]) => `${column}=${value}`)];
}
