import type { Finding, Findings } from "../../index.ts";
import { engineTitle } from "../render/engine-title.ts";
import { some } from "../render/words.ts";
import type { Report } from "./report.ts";

/** A comment on a pull request: what counts first, the rest folded. */
export const markdown: Report = (found, { fails }) => {
  const { summary } = found;
  const counting = found.findings.filter(fails);
  const rest = found.findings.filter((f) => !fails(f) && f.standing !== "known");
  const verdict = counting.length === 0 ? "nothing to fix" : `${some(counting.length, "finding")} to fix`;
  return [
    `### ondelete check: ${verdict}`,
    `${engineTitle(found.engine)} · ${some(summary.errors, "error")}, ${some(summary.warnings, "warning")}, ${some(summary.infos, "info")}${besides(found)}`,
    ...(counting.length > 0 ? [table(counting)] : []),
    ...sqlOf(counting),
    ...(rest.length > 0
      ? [
          `<details><summary>${some(rest.length, "more finding")} that ${rest.length === 1 ? "does" : "do"} not count</summary>\n\n${table(rest)}\n\n</details>`,
        ]
      : []),
    ...unfinished(found),
  ].join("\n\n");
};

function besides({ summary }: Findings): string {
  const parts = [
    ...(summary.known > 0 ? [`${summary.known} known by the baseline`] : []),
    ...(summary.ignored > 0 ? [`${summary.ignored} ignored`] : []),
    ...(summary.stale.length > 0 ? [`${summary.stale.length} in the baseline that are mended`] : []),
  ];
  return parts.map((part) => ` · ${part}`).join("");
}

const table = (findings: readonly Finding[]): string =>
  [
    "| | where | what | what to do |",
    "|---|---|---|---|",
    ...findings.map(
      (f) =>
        `| ${[f.severity, `\`${code(f.object)}\`<br>${f.rule}`, cell(f.message), cell(f.fix?.description ?? "")].join(" | ")} |`,
    ),
  ].join("\n");

function sqlOf(findings: readonly Finding[]): readonly string[] {
  const statements = findings.flatMap((f) =>
    f.fix?.sql ? [`-- ${f.object.replaceAll("\n", " ")}\n${f.fix.sql};`] : [],
  );
  if (statements.length === 0) return [];
  return [`<details><summary>SQL</summary>\n\n${fenced(statements.join("\n"))}\n\n</details>`];
}

/** A fence that is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sql\n${text}\n${fence}`;
}

const unfinished = ({ summary }: Findings): readonly string[] =>
  summary.skipped
    .filter((s) => s.because === "failed")
    .map((s) => `**${s.rule} could not run**: ${cell(s.reason)}`);

/** Names from a database are text here, and no markup. */
const cell = (text: string): string =>
  text
    .replace(/[\\`*[\]<|#~@]|(?<!\w)_|_(?!\w)/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/\s*\n\s*/g, "<br>");

/** Nothing ends a span of code but a backtick; a pipe would end the cell. */
const code = (text: string): string => text.replaceAll("`", "'").replaceAll("|", "\\|").replace(/\s+/g, " ");
