import { Command } from "commander";
import { type DeleteOptions, OnDeleteError, type Outcome, type Plan, type Target } from "../../index.ts";
import { type CommonOptions, wholeNumber, withCommonOptions, yesOption } from "../common-options.ts";
import { canAsk, confirm, confirmationRequired, type Question } from "../confirm.ts";
import { databaseName } from "../database-name.ts";
import { inSchema } from "../in-schema.ts";
import { maskPlan, secretMask } from "../mask.ts";
import { readPlan } from "../plan-file.ts";
import { renderOutcome } from "../render/outcome.ts";
import { renderPlan } from "../render/plan.ts";
import { some } from "../render/words.ts";
import { repeatWords } from "../repeat-words.ts";
import { type Run, runVerb } from "../run-verb.ts";
import { parseTarget } from "../target.ts";

interface DeleteCommandOptions extends CommonOptions {
  readonly where?: string;
  readonly plan?: string;
  readonly digest?: string;
  readonly expectRows?: number;
  readonly archive: boolean;
  readonly erase?: boolean;
  readonly replan?: boolean;
  readonly soft?: boolean;
  readonly strict?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly actor?: string;
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
    .option("--reason <text>", "why, for the journal")
    .option("--actor <name>", "who, for the journal")
    .addOption(yesOption());
  return withCommonOptions(command, EXAMPLE).action(
    async (table: string | undefined, words: readonly string[], options: DeleteCommandOptions) => {
      refuseContradiction(options, command.getOptionValueSource("archive"));
      const named = targetOf(table, words, options);
      process.exitCode = await runVerb(options, "writes", async (run) => {
        const target = "kind" in named ? named : await inSchema(run.db, named, run.config.schemas);
        const outcome = await (options.yes ? deleteAtOnce : planAndAsk)(run, target, options);
        const shown = outcome.plan ? { ...outcome, ...masked(outcome.plan, run) } : outcome;
        run.terminal.result(shown, () => renderOutcome(shown, run.terminal));
        return exitOf(outcome);
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

async function deleteAtOnce(
  run: Run,
  target: Target | Plan,
  options: DeleteCommandOptions,
): Promise<Outcome> {
  const guarded = [options.plan, options.digest, options.expectRows].some((guard) => guard !== undefined);
  if (run.config.protected && !guarded) {
    throw new OnDeleteError(
      "confirmation-required",
      "The configuration marks this environment as protected, so --yes is not enough.",
      {
        hint: "Add --digest D, --expect-rows N or --plan FILE, from a plan that was looked at.",
      },
    );
  }
  return run.terminal.follow(run.db.delete(target, deleteOptions(run, target, options)));
}

/** Deletes exactly the rows of the plan that was shown: its digest is checked again under the locks. */
async function planAndAsk(run: Run, target: Target | Plan, options: DeleteCommandOptions): Promise<Outcome> {
  const { db, terminal, signal } = run;
  const soft = isSoft(target, options);
  const archive = options.archive && !options.erase;
  const how = { soft, strict: isStrict(target, options), archive, signal };
  const plan = await db.plan(target, how);
  if (plan.verdict === "blocked") return blockedOutcome(plan);
  const rows = `${some(plan.totals.deleted, "row")} of ${some(plan.totals.tables, "table")}`;
  const what = soft ? `delete ${rows} softly` : `delete ${rows}`;
  const shown = masked(plan, run).plan;
  if (!canAsk() || terminal.json) {
    if (!terminal.json)
      terminal.result(shown, () => renderPlan(shown, terminal, repeatWords(options, run.url)));
    throw confirmationRequired(what, HINT, {
      digest: plan.digest,
      rows: plan.totals.deleted,
      target: plan.target,
    });
  }
  process.stderr.write(`${renderPlan(shown, terminal, null)}\n\n`);
  await confirm(questionFor(plan, run, options), signal);
  const checked = deleteOptions(run, target, options);
  return terminal.follow(db.delete(target, { ...checked, digest: checked.digest ?? plan.digest }));
}

const HINT =
  "Look at the plan, then add --yes with --digest D, --expect-rows N or --plan FILE to protect against drift; or run it in a terminal and confirm there.";

function questionFor(plan: Plan, { config, url }: Run, { erase }: DeleteCommandOptions): Question {
  const { deleted } = plan.totals;
  const gone = erase ? "erased, and cannot be brought back" : "deleted";
  if (config.protected) {
    const message = `This environment is protected. ${some(deleted, "row")} would be ${gone}.`;
    return { kind: "type", message, expected: databaseName(url) };
  }
  if (plan.mode === "soft") {
    return { kind: "yes-no", message: `${some(deleted, "row")} would be deleted softly. Go on?` };
  }
  return {
    kind: "type",
    message: `${some(deleted, "row")} would be ${gone}.`,
    expected: `${plan.target.table} ${deleted}`,
  };
}

/** A plan of a file is as strict as it was made. */
const isStrict = (target: Target | Plan, options: DeleteCommandOptions) =>
  options.strict ?? ("strict" in target && target.strict);

const isSoft = (target: Target | Plan, options: DeleteCommandOptions) =>
  options.soft ?? ("mode" in target && target.mode === "soft");

function deleteOptions({ signal }: Run, target: Target | Plan, options: DeleteCommandOptions): DeleteOptions {
  const { digest, expectRows, reason, actor, replan } = options;
  const planned = "digest" in target && !replan ? target.digest : undefined;
  const guard = digest ?? planned;
  return {
    signal,
    soft: isSoft(target, options),
    strict: isStrict(target, options),
    ...(options.erase ? { erase: true } : { archive: options.archive }),
    ...(guard === undefined ? {} : { digest: guard }),
    ...(expectRows === undefined ? {} : { expectRows }),
    ...(replan ? { replan } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(actor === undefined ? {} : { actor }),
  };
}

function blockedOutcome(plan: Plan): Outcome {
  return {
    ondelete: "1",
    kind: "outcome",
    engine: plan.engine,
    operation: null,
    mode: plan.mode,
    state: "blocked",
    deleted: {},
    updated: {},
    batches: 0,
    seconds: 0,
    archive: false,
    undo: null,
    plan,
    blockers: plan.blockers,
  };
}

function masked(plan: Plan, { config }: Run): { readonly plan: Plan; readonly blockers: Plan["blockers"] } {
  const shown = maskPlan(plan, secretMask(config.tables));
  return { plan: shown, blockers: shown.blockers };
}

function exitOf({ state, delivery }: Outcome): number {
  if (state === "done") return delivery?.pending ? 4 : 0;
  return state === "blocked" ? 1 : 4;
}
