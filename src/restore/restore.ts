import type { Engine, Transaction } from "../dialect/engine.ts";
import { distinctRows, sameKey } from "../dialect/row-set.ts";
import { sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { archiveParts } from "../journal/archive.ts";
import { type Clock, markRestored, operationById } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { Operation, RestorePlan, RowCounts } from "../model/operation.ts";
import type { Policy } from "../model/policy.ts";
import type { Report } from "../model/progress.ts";
import { announceRestore } from "./announce-restore.ts";
import { type Choices, type Chosen, choose } from "./choose.ts";
import { goesDirectly } from "./directly.ts";
import { putBack } from "./put-back.ts";
import { type RestoreSubject, type RestoreTask, readBack, readOnce } from "./task.ts";

export interface RestoreContext {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly report: Report;
}

export interface RestoreRequest {
  readonly operation: string;
  readonly choices: Choices;
  readonly withoutTriggers: boolean;
  readonly signal?: AbortSignal;
}

/**
 * What a restore would write, and all that stands in its way.
 * @throws `unknown-operation`; `not-restorable` where there is no archive or it was put back already
 */
export async function planRestore(
  context: RestoreContext,
  { operation, choices }: Pick<RestoreRequest, "operation" | "choices">,
): Promise<RestorePlan> {
  return context.engine.read({ scratch: true }, async (tx) => {
    const { task } = await subjectOf(context, tx, { operation });
    const chosen = await choose(await readBack(task), choices);
    return planOf(chosen, chosen.conflicts.length > 0 ? "blocked" : "planned");
  });
}

/**
 * Puts the rows of an operation back, in one transaction. With conflicts nothing is written and the plan lists them.
 * @throws as {@link planRestore}; `count-mismatch` where a trigger keeps rows from being as they were; `locked`
 */
export async function restore(context: RestoreContext, request: RestoreRequest): Promise<RestorePlan> {
  const { engine, policy, clock } = context;
  const options = {
    lockTimeoutMs: policy.limits.lockTimeoutMs,
    ...(request.signal ? { signal: request.signal } : {}),
  };
  let direct = false;
  const work = (directly: boolean) =>
    engine.write(options, async (tx) => {
      context.report({ phase: "planning", table: null, done: 0, total: 0 });
      // Locked, so that of two restores at once the second finds that the first is done.
      const { task, entry } = await subjectOf(context, tx, { operation: request.operation, lock: true });
      direct = directly && goesDirectly(task);
      const chosen = direct
        ? unopposed(await readOnce(task))
        : await looked(await readBack(task), request.choices);
      if (chosen.conflicts.length > 0) return planOf(chosen, "blocked");
      const counts = { inserts: insertCounts(chosen.task), updates: await updateCounts(chosen.task) };
      await announceRestore(chosen.task, { entry, ...counts, at: clock.now() });
      await putBack(chosen.task, request.withoutTriggers, context.report);
      const whole = Object.keys(chosen.skipped).length === 0;
      const { operation } = request;
      await markRestored(engine, tx, policy.journal, { operation, at: clock.now(), whole });
      return planOf(chosen, "done");
    });
  try {
    return await work(true);
  } catch (error) {
    const violated = error instanceof OnDeleteError && error.code === "constraint-violated";
    if (!direct || !violated) throw error;
    return work(false);
  }
}

async function looked(task: RestoreTask, choices: Choices): Promise<Chosen> {
  await lockUpdated(task);
  return choose(task, choices);
}

const unopposed = (task: RestoreTask): Chosen => ({
  task,
  conflicts: [],
  skipped: {},
  renamed: [],
  reparented: [],
});

/** Waits for whoever is editing the rows that are to get a reference back, so that the edit is seen. */
async function lockUpdated({ engine, parts, rows, place }: RestoreTask): Promise<void> {
  const { forUpdate } = engine.syntax;
  if (!forUpdate) return;
  for (const part of parts.filter((p) => p.kind === "before")) {
    const set = rows.get(part.part);
    if (!set) continue;
    const locked = sql`select 1 from ${engine.syntax.rows(set.table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)} ${forUpdate("t")}`;
    await place.tx.rows(sql`select count(*) as n from (${locked}) as locked`);
  }
}

async function subjectOf(
  { engine, model, policy }: RestoreContext,
  tx: Transaction,
  wanted: { readonly operation: string; readonly lock?: boolean },
): Promise<{ readonly task: RestoreSubject; readonly entry: Operation }> {
  const entry = await operationById(engine, tx, policy.journal, wanted);
  checkRestorable(entry);
  const { operation } = wanted;
  const place = { tx, syntax: engine.syntax, journal: policy.journal, operation };
  const parts = await archiveParts(place, model);
  return { task: { engine, model, policy, place, mode: entry.mode, parts }, entry };
}

const WHY_NOT: Partial<Record<Operation["state"], string>> = {
  restored: "was restored already",
  erased: "was an erasure, of which nothing was kept, so it cannot be undone",
  expired: "cannot be undone any more: its archive was old enough to be removed",
};

/** What has deleted something and is not at it now. */
const RESTORABLE: readonly Operation["state"][] = ["done", "paused", "failed", "blocked", "cancelled"];

function checkRestorable(entry: Operation): void {
  const why = WHY_NOT[entry.state] ?? (entry.archive ? null : "kept no archive, so it cannot be undone");
  if (RESTORABLE.includes(entry.state) && why === null) return;
  throw new OnDeleteError("not-restorable", `Operation ${entry.operation} ${why ?? `is ${entry.state}`}.`, {
    hint: "`ondelete status` shows what can be restored.",
    details: { operation: entry.operation, state: entry.state },
  });
}

async function planOf(chosen: Chosen, state: RestorePlan["state"]): Promise<RestorePlan> {
  const { task, conflicts, skipped, renamed, reparented } = chosen;
  const rest = Object.values(skipped).reduce((a, b) => a + b, 0);
  const message = `${rest === 1 ? "1 row stays" : `${rest} rows stay`} in the archive; the operation can be restored again for ${rest === 1 ? "it" : "them"}.`;
  return {
    ondelete: "1",
    kind: "restore-plan",
    engine: task.engine.info,
    operation: task.place.operation,
    mode: task.mode,
    state,
    inserts: insertCounts(task),
    updates: await updateCounts(task),
    skipped,
    renamed,
    reparented,
    conflicts: conflicts.map((f) => f.conflict),
    warnings: rest > 0 ? [{ code: "rows-skipped", message }] : [],
  };
}

function insertCounts({ parts }: RestoreTask): RowCounts {
  // Archived children first; shown as they are inserted, parents first.
  const deleted = parts.filter((p) => p.kind === "deleted").reverse();
  return Object.fromEntries(deleted.filter((p) => p.rows > 0).map((p) => [p.table, p.rows]));
}

/** Distinct rows: one row may have lost several references. */
async function updateCounts({ parts, rows, place }: RestoreTask): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const [table, group] of Map.groupBy(
    parts.filter((p) => p.kind === "before" && p.rows > 0),
    (p) => p.table,
  )) {
    const sets = group.flatMap((p) => rows.get(p.part) ?? []);
    counts[table] =
      sets.length < group.length ? Math.max(...group.map((p) => p.rows)) : await distinctRows(place.tx, sets);
  }
  return counts;
}
