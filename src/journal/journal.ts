import type { Engine, Row, Transaction, WriteOptions } from "../dialect/engine.ts";
import { raw, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { Lease, Operation, OperationState, RowCounts } from "../model/operation.ts";
import type { Plan, Target } from "../model/plan.ts";
import type { Policy } from "../model/policy.ts";

/** An operation as it is written down, with the plan it carried out. */
export interface JournalEntry extends Operation {
  readonly plan: Plan;
}

/** Time and randomness, as arguments. */
export interface Clock {
  readonly now: () => Date;
  /** A random number from 0 up to 1. */
  readonly random: () => number;
}

/** A new operation id: the time in UTC, so that ids sort by age, and five letters against chance. */
export function newOperationId(clock: Clock): string {
  const time = clock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\..*$/g, "")
    .replace("T", "-");
  const letters = Array.from({ length: 5 }, () => "abcdefghjkmnpqrstuvwxyz"[Math.floor(clock.random() * 23)]);
  return `${time}-${letters.join("")}`;
}

/**
 * Makes ondelete's own tables where they do not exist, in the transaction at hand; false where they are missing and
 * making them would commit it.
 * @throws `journal-missing` in a caller's transaction: DDL in it is not ours to run.
 */
export async function ensureJournal(
  engine: Engine,
  tx: Transaction,
  journal: Policy["journal"],
): Promise<boolean> {
  if (await engine.hasJournal(tx, journal)) return true;
  if (tx.joined) throw notInYours();
  if (!engine.capabilities.transactionalDdl) return false;
  for (const statement of engine.journalTables(journal)) await tx.run(statement);
  return true;
}

const notInYours = () =>
  new OnDeleteError(
    "journal-missing",
    "ondelete's own tables do not exist in this database, and they are not made inside your transaction.",
    {
      hint: "Make them once, on a connection of its own: `ondelete doctor --yes`, or `await db.makeJournal()`.",
    },
  );

/** Makes ondelete's own tables in a transaction of their own. @throws `journal-missing` in a caller's transaction */
export async function makeJournal(
  engine: Engine,
  journal: Policy["journal"],
  options: WriteOptions,
): Promise<void> {
  await engine.write(options, async (tx) => {
    if (tx.joined) throw notInYours();
    for (const statement of engine.journalTables(journal)) await tx.run(statement);
  });
}

/**
 * Does work with ondelete's own tables in place, where DDL would commit what the work does: makes them before where they
 * are missing, and drops them again unless they were used meanwhile. Not in a caller's transaction, which they would
 * commit.
 */
export async function withJournal<T>(
  engine: Engine,
  journal: Policy["journal"],
  { options, work }: { readonly options: WriteOptions; readonly work: () => Promise<T> },
): Promise<T> {
  const there =
    engine.capabilities.transactionalDdl ||
    (await engine.read({ scratch: false }, async (tx) => tx.joined || engine.hasJournal(tx, journal)));
  if (there) return work();
  await makeJournal(engine, journal, options);
  try {
    return await work();
  } finally {
    await dropUnused(engine, journal, options);
  }
}

async function dropUnused(engine: Engine, journal: Policy["journal"], options: WriteOptions): Promise<void> {
  const name = (table: string) => engine.syntax.journal(table, journal);
  await engine.write(options, async (tx) => {
    const [used] = await tx.rows(sql`select 1 from ${name("operation")} limit 1`);
    if (used) return;
    for (const table of ["outbox", "work_chunk", "archive_chunk", "archive_part", "operation"])
      await tx.run(sql`drop table ${name(table)}`);
  });
}

/** Writes an operation down. */
export async function record(
  engine: Engine,
  tx: Transaction,
  journal: Policy["journal"],
  entry: JournalEntry,
): Promise<void> {
  const table = engine.syntax.journal("operation", journal);
  const { target, plan, deleted, updated } = entry;
  await tx.run(
    sql`insert into ${table} (id, state, mode, target, digest, fingerprint, plan, deleted, updated, archive, started, finished, actor, reason, batches, token) values (${entry.operation}, ${entry.state}, ${entry.mode}, ${JSON.stringify(target)}, ${entry.digest}, ${plan.fingerprint}, ${JSON.stringify(plan)}, ${JSON.stringify(deleted)}, ${JSON.stringify(updated)}, ${raw(entry.archive ? "1" : "0")}, ${entry.started}, ${entry.finished}, ${entry.actor}, ${entry.reason}, ${raw(String(entry.batches))}, 0)`,
  );
}

/** Notes that an operation was taken back; where not as a whole, it can be restored again. */
export async function markRestored(
  engine: Engine,
  tx: Transaction,
  journal: Policy["journal"],
  { operation, at, whole }: { readonly operation: string; readonly at: Date; readonly whole: boolean },
): Promise<void> {
  const table = engine.syntax.journal("operation", journal);
  const state = whole ? "restored" : "done";
  await tx.run(
    sql`update ${table} set state = ${state}, restored = ${at.toISOString()} where id = ${operation}`,
  );
}

/** The journal's operations, oldest first; with `operation`, that one or none. Empty where there is no journal yet. */
export async function operations(
  engine: Engine,
  tx: Transaction,
  journal: Policy["journal"],
  { operation, lock = false }: { readonly operation?: string; readonly lock?: boolean } = {},
): Promise<readonly Operation[]> {
  if (!(await engine.hasJournal(tx, journal))) return [];
  const where: Sql = operation === undefined ? raw("1 = 1") : sql`id = ${operation}`;
  const { forUpdate } = engine.syntax;
  const locked = lock && forUpdate ? forUpdate() : raw("");
  const rows = await tx.rows(
    sql`select id, state, target, mode, deleted, updated, batches, started, finished, actor, reason, digest, archive, owner, lease, case when lease < ${engine.syntax.clock} then 1 else 0 end as ended from ${engine.syntax.journal("operation", journal)} where ${where} order by started, id ${locked}`,
  );
  return rows.map((row) => ({
    operation: row.id ?? "",
    state: row.state as OperationState,
    target: JSON.parse(row.target ?? "{}") as Target,
    mode: row.mode as "hard" | "soft",
    deleted: JSON.parse(row.deleted ?? "{}") as RowCounts,
    updated: JSON.parse(row.updated ?? "{}") as RowCounts,
    batches: Number(row.batches),
    started: row.started ?? "",
    finished: row.finished ?? null,
    actor: row.actor ?? null,
    reason: row.reason ?? null,
    digest: row.digest ?? "",
    archive: row.archive === "1",
    ...(row.owner ? { lease: leaseOf(row) } : {}),
  }));
}

const leaseOf = ({ owner, lease, ended }: Row): Lease => ({
  owner: owner ?? "",
  until: new Date(Number(lease)).toISOString(),
  over: ended === "1",
});

/** @throws `unknown-operation` */
export async function operationById(
  engine: Engine,
  tx: Transaction,
  journal: Policy["journal"],
  wanted: { readonly operation: string; readonly lock?: boolean },
): Promise<Operation> {
  const [found] = await operations(engine, tx, journal, wanted);
  if (found) return found;
  const { operation } = wanted;
  throw new OnDeleteError("unknown-operation", `The journal has no operation ${operation}.`, {
    hint: "`ondelete status` lists the operations.",
    details: { operation },
  });
}
