import { Command } from "commander";
import { OnDeleteError, type Plan, type Target } from "../../index.ts";
import { lateOption, wholeNumber, withBounds, withCommonOptions, yesOption } from "../common-options.ts";
import { type DeleteRowsOptions, deleteRows } from "../delete-rows.ts";
import { inSchema } from "../in-schema.ts";
import { readPlan } from "../plan-file.ts";
import { runVerb } from "../run-verb.ts";
import { parseTarget } from "../target.ts";

interface DeleteCommandOptions extends DeleteRowsOptions {
  readonly where?: string;
}

const EXAMPLE = `ondelete delete projects 42
ondelete delete projects 42 --yes --expect-rows 1204 --reason "ticket 881"
ondelete delete projects 42 --soft
ondelete delete --plan plan.json --yes`;

export function deleteCommand(): Command {
  const command = new Command("delete")
    .description("shows the plan, asks, deletes and keeps an archive to restore from")
    .argument("[table]", "the table to delete from")
    .argument("[key...]", "its key: a value, several for a composite key, or column=value …")
    .option("--where <sql>", "a SQL condition instead of a key")
    .option("--soft", "mark the rows as deleted where their table has a marker")
    .option("--plan <file>", "carry out the plan of a file, only if the rows are still the same")
    .option("--digest <digest>", "only if the plan still has this digest")
    .option("--expect-rows <n>", "only if so many rows are deleted", wholeNumber(0))
    .option("--replan", "accept that the plan changed since it was made")
    .option("--strict", "rows that are deleted along also block by RESTRICT")
    .option("--archive", "keep what is deleted, to restore it from", true)
    .option("--no-archive", "keep nothing; the delete cannot be undone")
    .option("--erase", "the same, and nothing in the journal tells which rows they were")
    .option("--batch [rows]", "in many small transactions, of at most so many rows each", wholeNumber(1))
    .option("--no-batch", "in one transaction, however many rows")
    .addOption(lateOption())
    .option("--reason <text>", "why, for the journal")
    .option("--actor <name>", "who, for the journal")
    .addOption(yesOption());
  withBounds(command);
  return withCommonOptions(command, EXAMPLE).action(
    async (table: string | undefined, words: readonly string[], options: DeleteCommandOptions) => {
      refuseContradiction(options, command.getOptionValueSource("archive"));
      const named = targetOf(table, words, options);
      process.exitCode = await runVerb(options, "writes", async (run) => {
        const target = "kind" in named ? named : await inSchema(run.db, named, run.config.schemas);
        return deleteRows(run, target, options);
      });
    },
  );
}

/** An archive is kept unless told otherwise; asked for by name, it is no erasure. */
function refuseContradiction({ erase, archive }: DeleteCommandOptions, source: string | undefined): void {
  if (!erase || !archive || source === "default") return;
  throw new OnDeleteError("usage", "An archive keeps the rows, and an erasure is to leave nothing of them.", {
    hint: "Leave out one of --archive and --erase.",
  });
}

function targetOf(
  table: string | undefined,
  words: readonly string[],
  options: DeleteCommandOptions,
): Target | Plan {
  if (options.plan === undefined) {
    if (table !== undefined) return parseTarget(table, words, options.where);
    throw new OnDeleteError("usage", "Nothing to delete is named.", {
      hint: "Give a table and a key, or --plan FILE.",
    });
  }
  if (table === undefined && options.where === undefined) return readPlan(options.plan);
  throw new OnDeleteError(
    "usage",
    "A plan says itself what is deleted; leave out the table, the key and --where.",
  );
}
