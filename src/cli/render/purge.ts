import type { ExpiredArchives, Purge, PurgedRetention } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { deliveryLines } from "./delivery.ts";
import { sum } from "./outcome.ts";
import { count, plain, samples, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** What a purge did, or would do, as a person reads it. */
export function renderPurge(purge: Purge, screen: Screen): string {
  const { state, policies, archives, delivery } = purge;
  const { colors } = screen;
  const held = policies.reduce((n, p) => n + p.held, 0);
  const verb = state === "done" ? "PURGED" : "WOULD PURGE";
  const rest = held > 0 ? `, ${some(held, "row")} ${colors.yellow("held back")}` : "";
  const head = `${colors.green(verb)}  ${rowsPurged(purge)} by ${some(policies.length, "retention")}${rest}.`;
  const more = [...(archives ? [archiveLine(archives, state)] : []), ...deliveryLines(delivery, screen)];
  const end = more.length > 0 ? [more.join("\n")] : [];
  return [head, ...policies.map((p) => section(p, state, screen)), ...end].join("\n\n");
}

/** How many rows go: at most so many, where a row that several batches reach is counted by each, before any of them ran. */
export function rowsPurged({ state, policies }: Purge): string {
  const rows = some(
    policies.reduce((n, p) => n + sum(p.deleted), 0),
    "row",
  );
  const tables = policies.flatMap((p) => Object.keys(p.deleted));
  const meet = new Set(tables).size < tables.length || policies.some(batchesMeet);
  return state === "planned" && meet ? `at most ${rows}` : rows;
}

/** Batches of one retention are apart where they take nothing but the rows that are old enough themselves. */
const batchesMeet = ({ table, deleted, batches, eligible, held }: PurgedRetention): boolean =>
  batches > 1 && (Object.keys(deleted).length > 1 || (deleted[table] ?? 0) > eligible - held);

function archiveLine({ keep, cutoff, operations }: ExpiredArchives, state: Purge["state"]): string {
  const verb = state === "done" ? "were removed" : "would be removed";
  return `Archives older than ${keep}, before ${day(cutoff)}: ${count(operations.length)} ${verb}.`;
}

function section(policy: PurgedRetention, state: Purge["state"], { colors, width }: Screen): string {
  const { table, mode, olderThan, cutoff, eligible, deleted, updated, held, batches } = policy;
  const soft = mode === "soft" ? " softly" : "";
  const title = `${colors.bold(plain(policy.policy))}  ${plain(table)} older than ${olderThan}, before ${day(cutoff)}: ${some(eligible, "row")}`;
  const lines = (counts: Readonly<Record<string, number>>, what: string) =>
    Object.entries(counts).map(([name, rows]) => [`  ${plain(name)}`, what, count(rows)]);
  const done = state === "done";
  const changes = [
    ...lines(deleted, done ? `deleted${soft}` : `to delete${soft}`),
    ...lines(updated, done ? "updated" : "to update"),
  ];
  const blockers = policy.blockers.map(
    (b) =>
      `  ${plain(b.relation)}  ${colors.dim(b.action)}  ${some(b.rows, "row")}: ${samples(b.sample, b.rows)}\n    ${plain(b.message)}`,
  );
  return [
    title,
    ...(changes.length > 0 ? [columns(changes, "llr", width)] : []),
    ...(batches > 1 ? [colors.dim(`  in ${count(batches)} batches`)] : []),
    ...(held > 0
      ? [`  ${colors.yellow("held back")} ${some(held, "row")} of ${plain(table)}`, ...blockers]
      : []),
  ].join("\n");
}

const day = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
