import type { Attempt, Attempts, LogEntry, Retry } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { columns } from "./columns.ts";
import { engineTitle } from "./engine-title.ts";
import { plain, samples, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** Failed attempts as a person reads them, a table each. */
export function renderAttempts({ attempts, failed, engine }: Attempts, screen: Screen): string {
  const { colors } = screen;
  const title = `${colors.bold("Failed attempts")}  ${colors.dim(engineTitle(engine))}`;
  const all = Object.values(failed).reduce((sum, n) => sum + n, 0);
  if (all === 0) return `${title}\n${colors.green("NONE")}  no attempt failed.`;
  const tables = Object.entries(failed).filter(([, n]) => n > 0);
  const parts = tables.map(([table, n]) =>
    ofTable(table, { listed: attempts.filter((a) => a.table === table), failed: n }, screen),
  );
  const next = colors.dim(
    "The log of one: ondelete attempts logs KEY. Again: … retry KEY. Away with it: … delete KEY.",
  );
  return [title, ...parts, next].join("\n\n");
}

function ofTable(
  table: string,
  { listed, failed }: { readonly listed: readonly Attempt[]; readonly failed: number },
  { colors, width }: Screen,
): string {
  const head = [colors.bold(plain(table)), "status", "since", "what went wrong"].map((h, i) =>
    i === 0 ? h : colors.dim(h),
  );
  const lines = listed.map((a) => [
    keyWords(a),
    plain(a.status),
    plain(a.at ?? "-"),
    plain(Object.values(a.errors).find((text) => text !== null && text !== "") ?? "-"),
  ]);
  const more = failed - listed.length;
  const rest = more > 0 ? `\n${colors.dim(`and ${some(more, "older one")}; --limit shows more`)}` : "";
  return `${columns([head, ...lines], "llll", width)}${rest}`;
}

const keyWords = ({ key }: Attempt): string =>
  Object.keys(key).length === 1 ? plain(Object.values(key).join("")) : samples([key], 1);

/** One attempt in a sentence. */
export const attemptWords = (attempt: Attempt): string =>
  `${plain(attempt.table)} ${keyWords(attempt)} (${plain(attempt.status)})`;

/** A line of a file; of a row its values, the one that orders first. Line breaks and tabs stay. */
export const logLine = (entry: LogEntry): string =>
  Object.values(entry)
    .filter((text) => text !== null && text !== "")
    .join("  ")
    .replace(/[^\n\t]+/g, plain);

export function renderRetry({ attempt, created }: Retry, { colors }: Screen): string {
  const made = samples([created.key], 1);
  return `${colors.green("RETRIED")}  ${attemptWords(attempt)} stays; the new attempt is ${plain(created.table)} ${made}${created.status === null ? "" : ` (${plain(created.status)})`}.`;
}
