import type { Finding, Findings } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { engineTitle } from "./engine-title.ts";
import { plain, some } from "./words.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** Findings as a person reads them, by table. */
export function renderFindings(found: Findings, screen: Screen): string {
  const { colors } = screen;
  const shown = found.findings.filter((f) => f.standing !== "known");
  const groups = [...Map.groupBy(shown, (f) => f.table)];
  const parts = groups.map(([table, findings]) =>
    [
      colors.bold(table === null ? "the database" : plain(table)),
      ...findings.map((f) => findingLines(f, screen)),
    ].join("\n"),
  );
  return [
    `${colors.bold(engineTitle(found.engine))}  ${some(found.summary.ran.length, "rule")}`,
    ...parts,
    conclusion(found, screen),
  ].join("\n\n");
}

function findingLines(finding: Finding, { colors }: Screen): string {
  const marks = { error: colors.red, warning: colors.yellow, info: colors.blue };
  const lines = [
    `  ${marks[finding.severity](finding.severity)}  ${colors.bold(plain(finding.object))}  ${colors.dim(finding.rule)}`,
    `    ${plain(finding.message)}`,
    ...(finding.fix ? [`    ${colors.cyan("→")} ${plain(finding.fix.description)}`] : []),
    ...(finding.fix?.sql ? [`      ${colors.dim(plain(finding.fix.sql))}`] : []),
  ];
  return lines.join("\n");
}

function conclusion({ summary }: Findings, { colors }: Screen): string {
  const { errors, warnings, infos } = summary;
  if (errors + warnings + infos === 0) return colors.green("Nothing found.");
  return `${some(errors, "error")}, ${some(warnings, "warning")}, ${some(infos, "info")}`;
}
