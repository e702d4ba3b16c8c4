import { Command } from "commander";
import { OnDeleteError, type Purge } from "../../index.ts";
import { type CommonOptions, wholeNumber, withCommonOptions, yesOption } from "../common-options.ts";
import { canAsk, confirm, confirmationRequired } from "../confirm.ts";
import { databaseName } from "../database-name.ts";
import { maskPurge, secretMask } from "../mask.ts";
import { sum } from "../render/outcome.ts";
import { renderPurge, rowsPurged } from "../render/purge.ts";
import { type Run, runVerb } from "../run-verb.ts";

interface PurgeCommandOptions extends CommonOptions {
  readonly policy?: readonly string[];
  readonly actor?: string;
  readonly expectRows?: number;
  readonly yes?: boolean;
}

const EXAMPLE = `ondelete purge
ondelete purge --policy audit_logs --yes`;

export function purgeCommand(): Command {
  const command = new Command("purge")
    .description("deletes what is older than the configuration's retentions allow")
    .option("--policy <name>", "only this retention; can be repeated", (name, all: string[] = []) => [
      ...all,
      name,
    ])
    .option("--expect-rows <n>", "only if so many rows are deleted", wholeNumber(0))
    .option("--actor <name>", "who, for the journal")
    .addOption(yesOption());
  return withCommonOptions(command, EXAMPLE).action(async (options: PurgeCommandOptions) => {
    process.exitCode = await runVerb(options, "writes", async (run) => {
      const result = await purge(run, options);
      const shown = maskPurge(result, secretMask(run.config.tables));
      run.terminal.result(shown, () => renderPurge(shown, run.terminal));
      if (result.policies.some((p) => p.held > 0)) return 1;
      return result.delivery?.pending ? 4 : 0;
    });
  });
}

async function purge(run: Run, options: PurgeCommandOptions): Promise<Purge> {
  const { db, signal, terminal, config } = run;
  const { policy: policies, actor, expectRows, yes = false } = options;
  const how = { signal, ...(policies ? { policies } : {}), ...(actor === undefined ? {} : { actor }) };
  if (yes && config.protected && expectRows === undefined) {
    throw new OnDeleteError(
      "confirmation-required",
      "The configuration marks this environment as protected, so --yes is not enough.",
      { hint: "Add --expect-rows N, from a purge that was looked at." },
    );
  }
  if (!yes || expectRows !== undefined) {
    const planned = await db.purge(how);
    checkRows(planned, expectRows);
    if (!yes) await askFor(run, planned);
  }
  return terminal.follow(db.purge({ ...how, execute: true }));
}

const rowsOf = ({ policies }: Purge): number => policies.reduce((n, p) => n + sum(p.deleted), 0);

function checkRows(planned: Purge, expected: number | undefined): void {
  const rows = rowsOf(planned);
  if (expected === undefined || expected === rows) return;
  throw new OnDeleteError("plan-changed", `The purge would delete ${rowsPurged(planned)}, not ${expected}.`, {
    hint: "Run it without --yes to see what it would do.",
    details: { expected, rows },
  });
}

async function askFor({ terminal, config, url, signal }: Run, planned: Purge): Promise<void> {
  const rows = rowsOf(planned);
  const shown = maskPurge(planned, secretMask(config.tables));
  if (!canAsk() || terminal.json) {
    if (!terminal.json) terminal.result(shown, () => renderPurge(shown, terminal));
    throw confirmationRequired(
      `purge ${rowsPurged(planned)}`,
      "Look at it, then add --yes; or run it in a terminal and confirm there.",
      {
        rows,
        policies: planned.policies,
      },
    );
  }
  process.stderr.write(`${renderPurge(shown, terminal)}\n\n`);
  const expected = config.protected ? databaseName(url) : `purge ${rows}`;
  await confirm({ kind: "type", message: `This would purge ${rowsPurged(planned)}.`, expected }, signal);
}
