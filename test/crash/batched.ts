import { setTimeout } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Database, OnDeleteError, open } from "../../src/index.ts";
import { quote } from "../support/dress.ts";
import { type Dump, dump } from "../support/rows.ts";
import { parseEdge } from "../support/story.ts";
import { type Round, ready } from "./round.ts";

export interface BatchedResult {
  /** How many interruptions left nothing done, some of it, and all of it. */
  readonly nothing: number;
  readonly some: number;
  readonly all: number;
}

/**
 * Interrupts a delete in batches at its statements one after the other. After each, what is gone is what the journal and
 * the archive say, and no reference leads to nothing; another process goes on to the end, and a restore takes all of it
 * back.
 */
export async function interruptBatches(
  round: Round,
  { way, stride }: { readonly way: string; readonly stride: number },
): Promise<BatchedResult> {
  const result = { nothing: 0, some: 0, all: 0 };
  for (let n = 1; ; n += stride) {
    await ready(round, "delete in batches");
    const { root } = round.scenario;
    const { reached, failure } = await round.on.attempt(
      round.db,
      { verb: "delete in batches", root },
      { n, way },
    );
    if (reached === null && failure === null) break;
    try {
      const left = await round.on.leftBehind(round.db);
      if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
      result[await lookAt(round)]++;
      await goOn(round, root);
    } catch (cause) {
      const what = `${way}, statement ${n}: ${reached ?? "none"} (${failure})`;
      throw new Error(`${what}: ${(cause as Error).message}`, { cause });
    }
  }
  return result;
}

interface Entry {
  readonly id: string;
  readonly state: string;
  readonly deleted: string;
}

async function entries({ on, db }: Round): Promise<readonly Entry[]> {
  if ((await db.rows(on.hasJournal)).length === 0) return [];
  return (await db.rows(
    `select id, state, deleted from ${on.journal("operation")} where state <> 'restored' order by id`,
  )) as unknown as readonly Entry[];
}

async function lookAt(round: Round): Promise<keyof BatchedResult> {
  const rows = await dump(round.db, round.variant);
  const [entry, ...more] = await entries(round);
  if (more.length > 0) throw new Error(`several operations: ${JSON.stringify(more)}`);
  await noOrphans(round);
  const missing = gone(round.states.before, rows);
  const said = Object.entries(JSON.parse(entry?.deleted ?? "{}") as Record<string, number>).sort();
  if (!isDeepStrictEqual(missing, said))
    throw new Error(`gone are ${JSON.stringify(missing)}, the journal says ${JSON.stringify(said)}`);
  const archived = await archivedRows(round, entry?.id ?? "");
  if (
    !isDeepStrictEqual(
      missing.reduce((n, [, rows]) => n + rows, 0),
      archived,
    )
  )
    throw new Error(`gone are ${JSON.stringify(missing)}, archived ${archived}`);
  if (isDeepStrictEqual(rows, round.states.before)) return "nothing";
  return isDeepStrictEqual(rows, round.states.after) ? "all" : "some";
}

const gone = (before: Dump, now: Dump) =>
  Object.entries(before)
    .map(([table, rows]) => [table, rows.length - (now[table]?.length ?? 0)] as const)
    .filter(([, n]) => n !== 0)
    .sort();

async function archivedRows({ on, db }: Round, operation: string): Promise<number> {
  if ((await db.rows(on.hasJournal)).length === 0) return 0;
  const [row] = await db.rows(
    `select sum(c.rows) as n from ${on.journal("archive_chunk")} c join ${on.journal("archive_part")} p
     on p.operation = c.operation and p.part = c.part where p.kind = 'deleted' and c.operation = '${operation}'`,
  );
  return Number(row?.n ?? 0);
}

/** By queries of the test's own. */
async function noOrphans({ db, scenario }: Round): Promise<void> {
  for (const text of scenario.schema.fks) {
    const { child, columns, parent, parentColumns } = parseEdge(text);
    const on = columns.map((c, i) => `c.${quote(c)} = p.${quote(parentColumns[i] ?? "")}`).join(" and ");
    const set = columns.map((c) => `c.${quote(c)} is not null`).join(" and ");
    const [row] = await db.rows(
      `select count(*) as n from ${quote(child)} c where ${set} and not exists (select 1 from ${quote(parent)} p where ${on})`,
    );
    if (row?.n !== "0") throw new Error(`${row?.n} orphans by ${text}`);
  }
}

/** Finishes the operation, looks, and takes it back. */
async function goOn(round: Round, root: { readonly table: string; readonly key: string }): Promise<void> {
  const ondelete = await open(round.db.handle);
  const [entry] = await entries(round);
  if (!entry) {
    const target = { table: root.table, select: { kind: "key", values: [root.key] } } as const;
    await ondelete.delete(target, { batch: 3 });
  } else if (entry.state !== "done") await resumed(ondelete, entry.id);
  const [ended] = await entries(round);
  if (ended?.state !== "done") throw new Error(`it ended as ${ended?.state}`);
  if (!isDeepStrictEqual(await dump(round.db, round.variant), round.states.after))
    throw new Error("the rows are not as after a delete");
  if ((await lookAt(round)) !== "all") throw new Error("not all is done");
  const restored = await ondelete.restore(ended.id);
  if (restored.conflicts.length > 0) throw new Error(JSON.stringify(restored.conflicts));
  if (!isDeepStrictEqual(await dump(round.db, round.variant), round.states.before))
    throw new Error("the rows are not as before the delete");
}

/** As soon as the lease of the interrupted process is over. */
async function resumed(ondelete: Database, operation: string): Promise<void> {
  for (;;) {
    try {
      const { state } = await ondelete.resume(operation);
      if (state !== "done") throw new Error(`resumed, it ended as ${state}`);
      return;
    } catch (error) {
      if (!(error instanceof OnDeleteError) || error.code !== "locked") throw error;
      await setTimeout(50);
    }
  }
}
