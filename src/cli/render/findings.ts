import type { Finding, Findings, SkippedRule } from "../../index.ts";
import type { Terminal } from "../terminal.ts";
import { engineTitle } from "./engine-title.ts";
import { plain, some } from "./words.ts";
import { hanging, wrapped } from "./wrapped.ts";

type Screen = Pick<Terminal, "colors" | "width">;

/** How many findings of one rule are explained; of the others a reader knows by then what they mean. */
const EXPLAINED = 3;
/** Longer lines are hard to read. */
const WIDEST = 110;

/** Findings as a person reads them: by table, the worst table first. */
export function renderFindings(found: Findings, screen: Screen): string {
  const { colors } = screen;
  const shown = found.findings.filter((f) => f.standing !== "known");
  const seen = new Map<string, number>();
  const explained = new Set(
    shown.filter(({ rule }) => {
      seen.set(rule, (seen.get(rule) ?? 0) + 1);
      return (seen.get(rule) ?? 0) <= EXPLAINED;
    }),
  );
  const groups = [...Map.groupBy(shown, (f) => f.table)].map(([table, findings]) =>
    [
      colors.bold(colors.underline(table === null ? "the database" : plain(table))),
      ...findings.map((f) => lines(f, screen, explained.has(f))),
    ].join("\n"),
  );
  const title = `${colors.bold(engineTitle(found.engine))}  ${some(found.summary.ran.length, "rule")}`;
  return [title, ...groups, conclusion(found, screen)].join("\n\n");
}

function lines(finding: Finding, { colors, width }: Screen, explained: boolean): string {
  const { severity, object, rule, message, fix, standing, location } = finding;
  const marks = {
    error: colors.red("✖ error"),
    warning: colors.yellow("▲ warning"),
    info: colors.blue("● info"),
  };
  const mark = standing === "unconfirmed" ? colors.magenta("? guess") : marks[severity];
  const place = location ? colors.dim(`  ${plain(location.file)}:${location.line}`) : "";
  const room = Math.min(width ?? WIDEST, WIDEST);
  const text = (words: string, indent: string) => wrapped(plain(words), room, indent);
  return [
    `  ${mark}  ${colors.bold(plain(object))}  ${colors.dim(rule)}${place}`,
    ...(explained ? [text(message, "    ")] : []),
    ...(explained && fix ? [`    ${colors.cyan("→")} ${text(fix.description, "      ").trimStart()}`] : []),
    ...(fix?.sql ? [`      ${colors.cyan(plain(`${fix.sql};`))}`] : []),
  ].join("\n");
}

function conclusion(found: Findings, { colors, width }: Screen): string {
  const { known, unconfirmed, ignored, unused, stale, skipped } = found.summary;
  const of = (severity: Finding["severity"]) =>
    found.findings.filter((f) => f.severity === severity && f.standing === "open").length;
  const [errors, warnings, infos] = [of("error"), of("warning"), of("info")];
  const counts = [
    errors > 0 ? colors.red(some(errors, "error")) : some(0, "error"),
    warnings > 0 ? colors.yellow(some(warnings, "warning")) : some(0, "warning"),
    some(infos, "info"),
    ...(unconfirmed > 0 ? [colors.magenta(some(unconfirmed, "guess", "guesses"))] : []),
  ].join(", ");
  const failed = skipped.filter((s) => s.because === "failed");
  const wanting = skipped.filter((s) => s.because === "wants");
  const rest = [
    ...(known > 0 ? [`${some(known, "finding")} known by the baseline.`] : []),
    ...(stale.length > 0
      ? [
          `${some(stale.length, "entry", "entries")} of the baseline no longer found: --update-baseline takes them out.`,
        ]
      : []),
    ...(ignored > 0 ? [`${some(ignored, "finding")} ignored.`] : []),
    ...unused.map(({ rule, object }) => `The ignore of ${rule} for ${object} hides nothing and can go.`),
    ...(unconfirmed > 0
      ? ["Guesses go by names and do not count until the configuration confirms them, see docs/check.md."]
      : []),
    ...notRun(wanting, Math.min(width ?? WIDEST, WIDEST)),
  ];
  return [
    found.findings.length === 0 ? colors.green("Nothing found.") : counts,
    ...rest.map((line) => colors.dim(line)),
    ...failed.map((s) => colors.red(`${s.rule} could not run: ${plain(s.reason)}`)),
    ...(found.findings.length > known ? [colors.dim("docs/rules has a page for each rule.")] : []),
  ].join("\n");
}

/** Rules that were not run, those that want the same in one sentence. */
function notRun(skipped: readonly SkippedRule[], width: number): readonly string[] {
  const groups = Map.groupBy(skipped, (s) => s.reason);
  return [...groups].flatMap(([reason, list]) => [
    `${some(list.length, "rule")} did not run. ${plain(reason)}`,
    hanging("  ", list.map((s) => s.rule).join(", "), width),
  ]);
}
