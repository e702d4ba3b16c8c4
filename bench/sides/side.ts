import type { BenchEngine, Connection } from "../engines/bench-engine.ts";
import type { Metrics } from "../measure.ts";
import type { Workload } from "../workloads/workload.ts";

export interface SideTask {
  readonly engine: BenchEngine;
  readonly workload: Workload;
  readonly connection: Connection;
  readonly url: string;
}

/** One way to do the work of a case, on a copy of its database. */
export type Side = (task: SideTask) => Promise<Metrics>;

export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

/** @throws Error where the side did not delete what the case says: a fast wrong answer is none */
export async function checkGone({ workload, connection }: SideTask, before: number): Promise<void> {
  const gone = before - (await countRows({ workload, connection }));
  if (gone !== workload.takes.deleted)
    throw new Error(`${gone} rows were deleted, not ${workload.takes.deleted}`);
}

export async function countRows({
  workload,
  connection,
}: Pick<SideTask, "workload" | "connection">): Promise<number> {
  let total = 0;
  // SQLite takes at most 500 terms in one compound select.
  for (let i = 0; i < workload.tables.length; i += 100) {
    const counts = workload.tables.slice(i, i + 100).map((t) => `select count(*) as n from ${t.name}`);
    const rows = await connection.rows(`select sum(n) as n from (${counts.join(" union all ")}) as counts`);
    total += Number(rows[0]?.n);
  }
  return total;
}
