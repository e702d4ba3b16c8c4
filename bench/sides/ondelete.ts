import type { Config } from "../../src/config/config.ts";
import { resolvePolicy } from "../../src/config/resolve-policy.ts";
import { openEngine } from "../../src/connect/open-engine.ts";
import { executeDelete } from "../../src/execute/execute.ts";
import { makeJournal } from "../../src/journal/journal.ts";
import { plannedRows } from "../../src/plan/analysis.ts";
import { fitsOneSnapshot } from "../../src/plan/one-snapshot.ts";
import { planDelete, planUnderLocks } from "../../src/plan/plan.ts";
import { stop } from "../../src/restore/choose.ts";
import { restore } from "../../src/restore/restore.ts";
import type { Traced } from "../engines/bench-engine.ts";
import { checkGone, countRows, type Side, type SideTask, timed } from "./side.ts";

const clock = { now: () => new Date(), random: Math.random };

/** An open engine with its model read, as an application that runs has it; the public calls read the model each time. */
async function prepared({ connection }: SideTask, digestRows: number, config: Config = {}) {
  const policy = resolvePolicy({ ...config, limits: { digestRows } });
  const engine = await openEngine(connection.handle);
  await engine.readModel({ journal: policy.journal });
  const { ms, result: model } = await timed(() => engine.readModel({ journal: policy.journal }));
  return { context: { engine, model, policy, clock }, modelMs: ms };
}

const DEFAULT_DIGEST_ROWS = 100_000;

const target = ({ workload }: SideTask) =>
  ({ table: workload.root.table, select: { kind: "key", values: [workload.root.key] } }) as const;

/** The row beside the root. */
const neighbour = ({ workload }: SideTask) =>
  ({
    table: workload.root.table,
    select: { kind: "key", values: [String(Number(workload.root.key) - 1)] },
  }) as const;

const WARM_MS = 300;

/** Makes the journal, and runs the planner, also the one under locks, until the code is warm; no row is changed. */
async function warmUp(
  context: Awaited<ReturnType<typeof prepared>>["context"],
  task: SideTask,
  archive = true,
): Promise<void> {
  await makeJournal(context.engine, context.policy.journal, { lockTimeoutMs: 5_000 });
  const started = performance.now();
  do await planDelete(context, { target: neighbour(task) });
  while (performance.now() - started < WARM_MS);
  const back = new Error("the warm-up is taken back");
  const work = context.engine.write({ lockTimeoutMs: 5_000 }, async (tx) => {
    await planUnderLocks(context, tx, { target: neighbour(task), archive });
    throw back;
  });
  await work.catch((error: unknown) => {
    if (error !== back) throw error;
  });
}

const total = (trace: readonly Traced[]) => trace.reduce((sum, t) => sum + t.ms, 0);

function planning(name: string, digestRows: number): Side {
  return async (task) => {
    const { context, modelMs } = await prepared(task, digestRows);
    await warmUp(context, task);
    const since = task.connection.trace.length;
    const { ms, result } = await timed(() => planDelete(context, { target: target(task) }));
    if (result.totals.deleted !== task.workload.takes.deleted)
      throw new Error(`${result.totals.deleted} rows planned`);
    const sql = total(task.connection.trace.slice(since));
    return { [name]: ms, [`${name}, beyond its SQL`]: ms - sql, "read the model": modelMs };
  };
}

/** Exact counts, and a digest over counts and key bounds. */
export const planCounts = planning("plan, counts", 0);
/** A digest over every key. */
export const planKeys = planning("plan, key digest", Number.MAX_SAFE_INTEGER);

/** What changes the user's rows, and the commit. */
const CHANGES = /^\s*(delete|update|commit|with "change_)/i;

interface DeleteHow {
  readonly archive: boolean;
  readonly digestRows?: number;
  /** For a soft delete: what marks rows. */
  readonly soft?: Config;
}

/** The delete of the case's root; a hard one has to take exactly its rows. */
export async function deleteOnce(
  task: SideTask,
  { archive, digestRows = DEFAULT_DIGEST_ROWS, soft }: DeleteHow,
) {
  const { context } = await prepared(task, digestRows, soft);
  const mode = soft ? "soft" : "hard";
  await warmUp(context, task, archive);
  const before = await countRows(task);
  const plan: Parameters<typeof executeDelete>[0]["plan"] = async (tx, { kept }) => {
    const made = await planUnderLocks(context, tx, { target: target(task), archive, mode, kept });
    return { plan: made.plan, rows: () => plannedRows(made.analysis) };
  };
  const since = task.connection.trace.length;
  const request = {
    verb: "delete",
    target: target(task),
    archive,
    expected: { replan: false },
    reason: null,
    actor: null,
  } as const;
  const { ms, result } = await timed(() =>
    executeDelete(
      {
        ...context,
        report: () => {},
        plan,
        snapshot: fitsOneSnapshot(context, { target: target(task), mode }),
      },
      request,
    ),
  );
  const trace = task.connection.trace.slice(since);
  if (!soft) await checkGone(task, before);
  return {
    context,
    ms,
    operation: result.operation ?? "",
    statements: total(trace.filter((t) => CHANGES.test(t.text))),
  };
}

/** The whole call without an archive: locks, plan, delete, journal, commit. Its digest covers counts, as in the public call. */
export const deleteWithout: Side = async (task) => {
  const { ms, statements } = await deleteOnce(task, { archive: false, digestRows: 0 });
  return { "delete, no archive": ms, "delete, its statements alone": statements };
};

/** The same with a digest of every key, as where a digest is given that has to be met. */
export const deleteWithDigest: Side = async (task) => {
  const { ms } = await deleteOnce(task, { archive: false });
  return { "delete, no archive, key digest": ms };
};

/** The whole call with an archive, and the restore. */
export const deleteAndRestore: Side = async (task) => {
  const { row, images } = task.engine.archiveBytes(task.workload);
  const bytes = async (sql: string) => Number((await task.connection.rows(sql))[0]?.bytes);
  const rowBytes = (await bytes(row)) * task.workload.takes.deleted;
  const before = await countRows(task);
  const { context, ms, operation } = await deleteOnce(task, { archive: true, digestRows: 0 });
  const archived = await bytes(images);
  const put = await timed(() =>
    restore({ ...context, report: () => {} }, { operation, choices: stop, withoutTriggers: false }),
  );
  if ((await countRows(task)) !== before) throw new Error("the restore did not bring all rows back");
  return { "delete, archive": ms, restore: put.ms, "archive bytes by row bytes": archived / rowBytes };
};

/** Reading the whole model, once more in a process that has read it before. */
export const inspect: Side = async (task) => {
  const { modelMs } = await prepared(task, 0);
  return { inspect: modelMs };
};
