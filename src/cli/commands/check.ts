import { Command, Option } from "commander";
import type { Findings, Severity } from "../../index.ts";
import { type CommonOptions, withCommonOptions } from "../common-options.ts";
import { renderFindings } from "../render/findings.ts";
import { runVerb } from "../run-verb.ts";

interface CheckCommandOptions extends CommonOptions {
  readonly format: "tty" | "json";
  readonly rule?: readonly string[];
  readonly data?: boolean;
  readonly failOn: Severity;
}

const EXAMPLE = `ondelete check --url postgres://localhost/shop
ondelete check --rule fk-without-index --json`;

const repeated = (value: string, earlier: readonly string[] = []) => [...earlier, value];

export function checkCommand(): Command {
  const command = new Command("check")
    .description("what is wrong, or likely to go wrong, with deletes in this schema")
    .addOption(
      new Option("--format <format>", "how findings are printed").choices(["tty", "json"]).default("tty"),
    )
    .option("--rule <id>", "run this rule only; can be repeated", repeated)
    .option("--data", "look at rows too")
    .addOption(
      new Option("--fail-on <severity>", "findings of this severity and above end with exit code 1")
        .choices(["error", "warning", "info"])
        .default("warning"),
    );
  return withCommonOptions(command, EXAMPLE).action(async (options: CheckCommandOptions) => {
    const json = options.json || options.format === "json";
    process.exitCode = await runVerb({ ...options, json }, "reads", async ({ db, terminal, signal }) => {
      const found = await db.check({
        ...(options.rule ? { rules: options.rule } : {}),
        data: options.data ?? false,
        signal,
      });
      terminal.result(found, () => renderFindings(found, terminal));
      return checkExit(found, options.failOn);
    });
  });
}

/** A rule that could not run leaves the question open, so it outranks what others found. */
function checkExit({ findings, summary }: Findings, failOn: Severity): number {
  if (summary.skipped.some((s) => s.because === "failed")) return 4;
  const severities: readonly Severity[] = ["error", "warning", "info"];
  const counting = severities.slice(0, severities.indexOf(failOn) + 1);
  return findings.some((f) => f.standing === "open" && counting.includes(f.severity)) ? 1 : 0;
}
