import type { Engine, Transaction } from "../dialect/engine.ts";
import { anyOf, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError, unreachable } from "../error.ts";
import type { OperationState, RowCounts } from "../model/operation.ts";
import type { Plan } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";
import type { Position, Work } from "../model/work.ts";
import { operationById } from "./journal.ts";

/** One operation of a journal, in a transaction. */
export interface Entry {
  readonly engine: Engine;
  readonly tx: Transaction;
  readonly journal: Policy["journal"];
  readonly operation: string;
}

/** A worker's right to an operation. */
export interface Hold {
  /** Another one each time that the operation changes hands: what was written with an older one is refused. */
  readonly token: number;
  readonly leaseSeconds: number;
}

/** How far a batched operation has come. */
export interface Advance {
  readonly deleted: RowCounts;
  readonly updated: RowCounts;
  readonly batches: number;
  readonly position: Position;
}

/** A batched operation as its journal has it. */
export interface Held extends Advance {
  readonly work: Work;
  readonly plan: Plan;
}

const inMs = (engine: Engine, seconds: number): Sql =>
  sql`${engine.syntax.clock} + ${raw(String(Math.round(seconds * 1000)))}`;

const table = ({ engine, journal }: Entry): Sql => engine.syntax.journal("operation", journal);

/** Writes down what a running operation has to do; it is in the hands of the owner from then on. */
export async function writeWork(
  entry: Entry,
  {
    work,
    position,
    owner,
    hold,
  }: { readonly work: Work; readonly position: Position; readonly owner: string; readonly hold: Hold },
): Promise<void> {
  const { engine, tx, operation } = entry;
  await tx.run(
    sql`update ${table(entry)} set work = ${JSON.stringify(work)}, position = ${JSON.stringify(position)}, owner = ${owner}, lease = ${inMs(engine, hold.leaseSeconds)}, token = ${raw(String(hold.token))} where id = ${operation}`,
  );
}

/**
 * Writes down what a transaction has done, and renews the lease with it. It takes effect only while the operation is
 * running and in the same hands.
 * @throws `operation-taken`
 */
export async function advance(
  entry: Entry,
  { deleted, updated, batches, position }: Advance,
  { token, leaseSeconds }: Hold,
): Promise<void> {
  const { engine, tx, operation } = entry;
  const changed = await tx.run(
    sql`update ${table(entry)} set deleted = ${JSON.stringify(deleted)}, updated = ${JSON.stringify(updated)}, batches = ${raw(String(batches))}, position = ${JSON.stringify(position)}, lease = ${inMs(engine, leaseSeconds)} where id = ${operation} and state = 'running' and token = ${raw(String(token))}`,
  );
  if (changed === 1) return;
  throw new OnDeleteError("operation-taken", `Operation ${operation} is not in these hands any more.`, {
    hint: "What this process was about to do was taken back. `ondelete status` shows who goes on, or that it was paused or cancelled.",
    details: { operation },
  });
}

/** Lets go of an operation: it is over, or somebody else may go on. Nothing where it is in other hands already. */
export async function letGo(
  entry: Entry,
  { state, at }: { readonly state: OperationState; readonly at: Date | null },
  { token }: Hold,
): Promise<boolean> {
  const finished = at === null ? raw("null") : sql`${at.toISOString()}`;
  const changed = await entry.tx.run(
    sql`update ${table(entry)} set state = ${state}, finished = ${finished}, owner = null, lease = null where id = ${entry.operation} and state = 'running' and token = ${raw(String(token))}`,
  );
  return changed === 1;
}

/** States in which nobody works on an operation that can go on. */
const RESTING: readonly OperationState[] = ["paused", "failed", "blocked"];

/**
 * Takes an operation into one's hands: one that rests, or whose worker has let its lease run out.
 * @throws `unknown-operation`; `not-resumable` where it is over; `locked` while its lease lasts
 */
export async function take(
  entry: Entry,
  { owner, leaseSeconds }: { readonly owner: string; readonly leaseSeconds: number },
): Promise<Hold> {
  const { engine, tx, operation } = entry;
  const free = anyOf([
    sql`state in (${list(RESTING.map((s) => sql`${s}`))})`,
    sql`state = 'running' and lease < ${engine.syntax.clock}`,
  ]);
  const taken = await tx.run(
    sql`update ${table(entry)} set state = 'running', token = token + 1, owner = ${owner}, lease = ${inMs(engine, leaseSeconds)} where id = ${operation} and work is not null and (${free})`,
  );
  if (taken === 0) throw await whyNot(entry, "resume");
  const [row] = await tx.rows(sql`select token from ${table(entry)} where id = ${operation}`);
  return { token: Number(row?.token), leaseSeconds };
}

const WHY_NOT = {
  resume: "nothing of it is left to be done",
  pause: "only one that is running can be paused",
  cancel: "nothing of it is left to be cancelled",
};

async function whyNot(
  { engine, tx, journal, operation }: Entry,
  what: keyof typeof WHY_NOT,
): Promise<OnDeleteError> {
  const { state, lease } = await operationById(engine, tx, journal, { operation });
  if (state === "running" && lease)
    return new OnDeleteError(
      "locked",
      `Operation ${operation} is in the hands of ${lease.owner} until ${lease.until}, unless it renews its lease.`,
      { hint: "Nothing was changed. Wait, or pause it first.", details: { operation, lease } },
    );
  return new OnDeleteError("not-resumable", `Operation ${operation} is ${state}: ${WHY_NOT[what]}.`, {
    hint: "`ondelete status` shows which operations can go on: those that are paused, failed, blocked or left by their process.",
    details: { operation, state },
  });
}

/** What is written down of an operation that somebody has taken into their hands. */
export async function readWork(entry: Entry): Promise<Held> {
  const [row] = await entry.tx.rows(
    sql`select work, plan, position, deleted, updated, batches from ${table(entry)} where id = ${entry.operation}`,
  );
  if (!row) return unreachable(`operation ${entry.operation} was taken and is not there`);
  return {
    work: JSON.parse(row.work ?? "{}") as Work,
    plan: JSON.parse(row.plan ?? "{}") as Plan,
    position: JSON.parse(row.position ?? "{}") as Position,
    deleted: JSON.parse(row.deleted ?? "{}") as RowCounts,
    updated: JSON.parse(row.updated ?? "{}") as RowCounts,
    batches: Number(row.batches),
  };
}

/**
 * Has whoever works on an operation stop at once: what is being done at the moment is taken back.
 * @throws `unknown-operation`; `not-resumable` where it is over already
 */
export async function stop(entry: Entry, state: "paused" | "cancelled", at: Date): Promise<void> {
  const from: readonly OperationState[] = state === "paused" ? ["running"] : ["running", ...RESTING];
  const finished = state === "cancelled" ? sql`${at.toISOString()}` : raw("finished");
  const changed = await entry.tx.run(
    sql`update ${table(entry)} set state = ${state}, finished = ${finished}, owner = null, lease = null where id = ${entry.operation} and work is not null and state in (${list(from.map((s) => sql`${s}`))})`,
  );
  if (changed === 0) throw await whyNot(entry, state === "paused" ? "pause" : "cancel");
}
