import { Command, InvalidArgumentError } from "commander";
import { type ConflictChoice, type ConflictOptions, OnDeleteError, type RestorePlan } from "../../index.ts";
import { type CommonOptions, wholeNumber, withCommonOptions, yesOption } from "../common-options.ts";
import { canAsk, confirm, confirmationRequired, type Question } from "../confirm.ts";
import { databaseName } from "../database-name.ts";
import { maskRestore, secretMask } from "../mask.ts";
import { sum } from "../render/outcome.ts";
import { renderRestore } from "../render/restore.ts";
import { some } from "../render/words.ts";
import { type Run, runVerb } from "../run-verb.ts";

interface RestoreCommandOptions extends CommonOptions {
  readonly withoutTriggers?: boolean;
  readonly onConflict?: readonly ConflictChoice[];
  readonly rename?: string;
  readonly parent?: readonly string[];
  readonly yes?: boolean;
  readonly expectRows?: number;
}

const EXAMPLE = `ondelete restore 20261121-085825-arkyj
ondelete restore 20261121-085825-arkyj --yes
ondelete restore 20261121-085825-arkyj --on-conflict rename --on-conflict skip
ondelete restore 20261121-085825-arkyj --on-conflict reparent --parent projects=77`;

export function restoreCommand(): Command {
  const command = new Command("restore")
    .description("takes a delete back: inserts its rows and re-links what was set to null")
    .argument("<operation>", "the id that delete printed; `ondelete status` lists them")
    .option("--without-triggers", "keep user triggers from firing on the restored rows")
    .option("--expect-rows <n>", "only if so many rows are inserted", wholeNumber(0))
    .option("--on-conflict <what>", "stop, skip, rename or reparent; can be repeated", choice)
    .option("--rename <template>", "what a taken unique text becomes, e.g. '{value}-2'")
    .option(
      "--parent <table=key>",
      "with reparent: the row that takes in those whose parent is gone",
      collected,
    )
    .addOption(yesOption());
  return withCommonOptions(command, EXAMPLE).action(
    async (operation: string, options: RestoreCommandOptions) => {
      const choices = choicesOf(options);
      process.exitCode = await runVerb(options, "writes", async (run) => {
        const result = await restore(run, operation, { ...options, choices });
        const shown = maskRestore(result, secretMask(run.config.tables));
        run.terminal.result(shown, () => renderRestore(shown, run.terminal));
        if (result.state !== "done" || result.conflicts.length > 0) return 1;
        return result.delivery?.pending ? 4 : 0;
      });
    },
  );
}

async function restore(
  run: Run,
  operation: string,
  options: RestoreCommandOptions & { readonly choices: ConflictOptions },
): Promise<RestorePlan> {
  const { db, signal, terminal } = run;
  const { expectRows, withoutTriggers = false, yes, choices } = options;
  if (!yes || expectRows !== undefined) {
    const plan = await db.planRestore(operation, choices);
    if (plan.conflicts.length > 0) return plan;
    checkRows(plan, expectRows);
    if (!yes) await askFor(run, plan);
  }
  if (yes && run.config.protected && expectRows === undefined) {
    throw new OnDeleteError(
      "confirmation-required",
      "The configuration marks this environment as protected, so --yes is not enough.",
      {
        hint: "Add --expect-rows N.",
      },
    );
  }
  return terminal.follow(db.restore(operation, { ...choices, withoutTriggers, signal }));
}

const CHOICES: readonly ConflictChoice[] = ["stop", "skip", "rename", "reparent"];

function choice(text: string, earlier: readonly ConflictChoice[] = []): readonly ConflictChoice[] {
  const found = CHOICES.find((c) => c === text);
  if (found) return [...earlier, found];
  throw new InvalidArgumentError(`Allowed choices are ${CHOICES.join(", ")}.`);
}

const collected = (text: string, earlier: readonly string[] = []): readonly string[] => [...earlier, text];

function choicesOf({ onConflict = [], rename, parent = [] }: RestoreCommandOptions): ConflictOptions {
  if (rename !== undefined && !rename.includes("{value}")) {
    throw new OnDeleteError("usage", "--rename has no {value}: every row would get the same value.", {
      hint: "Write for example --rename '{value}-2'.",
    });
  }
  const parents = parent.map((text) => {
    const [, table = "", key = ""] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (table !== "") return [table, key.split(",")];
    throw new OnDeleteError("usage", `--parent ${text} is not of the form table=key.`);
  });
  return {
    onConflict,
    parents: Object.fromEntries(parents),
    ...(rename === undefined ? {} : { rename }),
  };
}

function checkRows(plan: RestorePlan, expected: number | undefined): void {
  const rows = sum(plan.inserts);
  if (expected === undefined || expected === rows) return;
  throw new OnDeleteError("plan-changed", `The restore would insert ${some(rows, "row")}, not ${expected}.`, {
    hint: "Run it without --yes to see what it would do.",
    details: { expected, rows },
  });
}

async function askFor(run: Run, plan: RestorePlan): Promise<void> {
  const { terminal, config, signal } = run;
  const rows = sum(plan.inserts);
  const shown = maskRestore(plan, secretMask(config.tables));
  if (!canAsk() || terminal.json) {
    if (!terminal.json) terminal.result(shown, () => renderRestore(shown, terminal));
    throw confirmationRequired(
      `restore ${some(rows, "row")}`,
      "Add --yes, or run it in a terminal and confirm there.",
      {
        rows,
      },
    );
  }
  process.stderr.write(`${renderRestore(shown, terminal)}\n\n`);
  await confirm(questionFor(run, rows), signal);
}

function questionFor({ config, url }: Run, rows: number): Question {
  if (!config.protected) return { kind: "yes-no", message: `Restore ${some(rows, "row")}?` };
  const message = `This environment is protected. ${some(rows, "row")} would be restored.`;
  return { kind: "type", message, expected: databaseName(url) };
}
