import { Command, InvalidArgumentError, Option } from "commander";
import {
  type Finding,
  type Findings,
  OnDeleteError,
  ruleInfos,
  type Severity,
  visibleModel,
} from "../../index.ts";
import { type CommonOptions, repeated, withCommonOptions } from "../common-options.ts";
import { renderFindings } from "../render/findings.ts";
import { baselineBefore, readBaseline, writeBaseline } from "../report/baseline.ts";
import { LOCK_FILE, located, writeLock } from "../report/lock-file.ts";
import { type ReportFormat, reports } from "../report/reports.ts";
import { type Run, runVerb } from "../run-verb.ts";
import { version } from "../version.ts";

type Format = "tty" | "json" | ReportFormat;

const FORMATS = ["tty", "json", ...Object.keys(reports)];

interface CheckCommandOptions extends CommonOptions {
  readonly format?: Format;
  readonly rule?: readonly string[];
  readonly data?: boolean;
  readonly migrations?: readonly string[];
  readonly inTransaction?: boolean;
  readonly failOn: Severity;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly failOnStaleBaseline?: boolean;
  readonly lock?: string;
}

const EXAMPLE = `ondelete check --url postgres://localhost/shop
ondelete check --baseline ondelete.baseline.json --update-baseline
ondelete check --baseline ondelete.baseline.json --lock ${LOCK_FILE} --format sarif > ondelete.sarif
ondelete check --migrations migrations/*.sql
ondelete check --rule fk-without-index --rule cascade-blocked --json`;

export function checkCommand(): Command {
  const command = new Command("check")
    .description("what is wrong, or likely to go wrong, with deletes in this schema")
    .addOption(
      new Option("--format <format>", "how findings are printed; --json is --format json")
        .choices(FORMATS)
        .argParser(oneFormat),
    )
    .option("--rule <id>", "run this rule only; can be repeated", repeated)
    .option("--data", "look at rows too")
    .option("--migrations <files...>", "look at these files of SQL too, in the order in which they run")
    .option("--in-transaction", "what runs the migrations begins a transaction for each file")
    .addOption(
      new Option("--fail-on <severity>", "findings of this severity and above end with exit code 1")
        .choices(["error", "warning", "info"])
        .default("warning"),
    )
    .option("--baseline <file>", "findings in this file are known and do not count")
    .option("--update-baseline", "write what is found into the baseline")
    .option("--fail-on-stale-baseline", "exit code 1 where the baseline holds what is mended")
    .option("--lock <file>", "write the foreign keys, one a line, for findings to point at");
  return withCommonOptions(command, EXAMPLE).action(async (options: CheckCommandOptions) => {
    if (options.baseline === undefined && (options.updateBaseline || options.failOnStaleBaseline))
      throw new OnDeleteError("usage", "Which baseline is meant? It takes --baseline FILE.");
    if (options.json && options.format !== undefined && options.format !== "json")
      throw new OnDeleteError(
        "usage",
        `--json and --format ${options.format} are two formats: stdout takes one.`,
      );
    const format = options.json ? "json" : (options.format ?? "tty");
    process.exitCode = await runVerb({ ...options, json: format === "json" }, "reads", (run) =>
      check(run, { ...options, format }),
    );
  });
}

/** A format, of which there can be one. */
function oneFormat(format: string, before?: string): string {
  if (!FORMATS.includes(format)) throw new InvalidArgumentError(`Allowed choices are ${FORMATS.join(", ")}.`);
  if (before !== undefined && before !== format)
    throw new InvalidArgumentError(`There is ${before} already: stdout takes one format.`);
  return format;
}

type Options = CheckCommandOptions & { readonly format: Format };

async function check(run: Run, options: Options): Promise<number> {
  const { db, terminal, signal } = run;
  const baseline = baselineOf(options);
  const request = {
    ...{ data: options.data ?? false, signal },
    ...(options.rule ? { rules: options.rule } : {}),
    ...(await tablesOf(run)),
    ...(options.migrations ? { migrations: options.migrations } : {}),
    ...(options.inTransaction ? { inTransaction: true } : {}),
  };
  const first = await db.check({ ...request, baseline });
  if (options.updateBaseline && options.baseline !== undefined) {
    writeBaseline(options.baseline, first, baseline);
    terminal.note(`The baseline ${options.baseline} knows what was found.`);
  }
  const found = await withLocations(run, options, options.updateBaseline ? allKnown(first) : first);
  const fails = failing(options.failOn);
  terminal.result(found, () => print(run, found, options));
  return checkExit(found, { fails, stale: options.failOnStaleBaseline ?? false });
}

/** The tables that the configuration or `--schema` has shown, where either leaves some out. */
async function tablesOf({ db, config }: Run): Promise<{ readonly tables?: readonly string[] }> {
  if (!config.schemas && !config.include && !config.exclude) return {};
  return { tables: visibleModel(await db.inspect(), config).tables.map((t) => t.id) };
}

function baselineOf({ baseline, updateBaseline }: CheckCommandOptions) {
  if (baseline === undefined) return [];
  return updateBaseline ? baselineBefore(baseline) : readBaseline(baseline);
}

/** After the baseline was written it knows all findings, and none of it is stale. */
const allKnown = (found: Findings): Findings => ({
  ...found,
  findings: found.findings.map((f) => ({ ...f, standing: "known" as const })),
  summary: { ...found.summary, known: found.findings.length, unconfirmed: 0, stale: [] },
});

async function withLocations({ db }: Run, { lock }: CheckCommandOptions, found: Findings): Promise<Findings> {
  if (lock === undefined) return found;
  const model = await db.inspect();
  writeLock(lock, model);
  return located(found, model, lock);
}

function print({ terminal }: Run, found: Findings, { format, failOn, lock }: Options): string {
  if (format === "tty" || format === "json") return renderFindings(found, terminal);
  if (format !== "markdown" && format !== "junit" && lock === undefined && found.findings.length > 0)
    terminal.note(`Findings point at no file: --lock ${LOCK_FILE} writes one that they can point at.`);
  return reports[format](found, { rules: ruleInfos, version: version(), fails: failing(failOn) });
}

/** Which findings end a check with 1. */
function failing(failOn: Severity): (finding: Finding) => boolean {
  const severities: readonly Severity[] = ["error", "warning", "info"];
  const counting = severities.slice(0, severities.indexOf(failOn) + 1);
  return (f) => f.standing === "open" && counting.includes(f.severity);
}

/** A rule that could not run leaves the question open, so it outranks what others found. */
function checkExit(
  { findings, summary }: Findings,
  { fails, stale }: { readonly fails: (finding: Finding) => boolean; readonly stale: boolean },
): number {
  if (summary.skipped.some((s) => s.because === "failed")) return 4;
  return findings.some(fails) || (stale && summary.stale.length > 0) ? 1 : 0;
}
