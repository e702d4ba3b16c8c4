import { type DeleteOptions, OnDeleteError, type Outcome, type Plan, type Target } from "../index.ts";
import { type BoundsOptions, boundsOf, type CommonOptions } from "./common-options.ts";
import { canAsk, confirm, confirmationRequired, type Question } from "./confirm.ts";
import { databaseName } from "./database-name.ts";
import { maskPlan, secretMask } from "./mask.ts";
import { renderOutcome } from "./render/outcome.ts";
import { renderPlan } from "./render/plan.ts";
import { some } from "./render/words.ts";
import { repeatWords } from "./repeat-words.ts";
import type { Run } from "./run-verb.ts";

export interface DeleteRowsOptions extends CommonOptions, BoundsOptions {
  /** The file of the plan that is the target. */
  readonly plan?: string;
  readonly digest?: string;
  readonly expectRows?: number;
  readonly archive: boolean;
  readonly erase?: boolean;
  readonly replan?: boolean;
  readonly soft?: boolean;
  readonly strict?: boolean;
  readonly yes?: boolean;
  /** The most rows of a batch; true for batches of a size that ondelete finds. */
  readonly batch?: boolean | number;
  readonly late?: "include" | "stop";
  readonly reason?: string;
  readonly actor?: string;
}

/** Shows the plan and asks, unless `--yes` says it all; deletes, and prints what came of it. Returns the exit code. */
export async function deleteRows(
  run: Run,
  target: Target | Plan,
  options: DeleteRowsOptions,
): Promise<number> {
  const outcome = await (options.yes ? deleteAtOnce : planAndAsk)(run, target, options);
  const shown = outcome.plan ? { ...outcome, ...masked(outcome.plan, run) } : outcome;
  run.terminal.result(shown, () => renderOutcome(shown, run.terminal));
  return exitOf(outcome);
}

async function deleteAtOnce(run: Run, target: Target | Plan, options: DeleteRowsOptions): Promise<Outcome> {
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
async function planAndAsk(run: Run, target: Target | Plan, options: DeleteRowsOptions): Promise<Outcome> {
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

function questionFor(plan: Plan, { config, url }: Run, { erase }: DeleteRowsOptions): Question {
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
const isStrict = (target: Target | Plan, options: DeleteRowsOptions) =>
  options.strict ?? ("strict" in target && target.strict);

const isSoft = (target: Target | Plan, options: DeleteRowsOptions) =>
  options.soft ?? ("mode" in target && target.mode === "soft");

function deleteOptions({ signal }: Run, target: Target | Plan, options: DeleteRowsOptions): DeleteOptions {
  const { digest, expectRows, reason, actor, replan, batch, late } = options;
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
    ...(batch === undefined ? {} : { batch }),
    ...(late === undefined ? {} : { late }),
    ...boundsOf(options),
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

/** The exit code of what a delete came to. */
export function exitOf({ state, delivery }: Outcome): number {
  if (state === "done") return delivery?.pending ? 4 : 0;
  return state === "blocked" ? 1 : 4;
}
