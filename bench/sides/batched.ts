import { open } from "../../src/index.ts";
import type { Traced } from "../engines/bench-engine.ts";
import { checkGone, countRows, type Side, type SideTask, timed } from "./side.ts";

const target = ({ workload }: SideTask) =>
  ({ table: workload.root.table, select: { kind: "key", values: [workload.root.key] } }) as const;

/** Milliseconds of statements from each BEGIN to its end. */
function transactions(trace: readonly Traced[]): readonly number[] {
  const out: number[] = [];
  let open = 0;
  for (const { text, ms } of trace) {
    if (/^\s*(begin|start transaction)/i.test(text)) open = 0;
    open += ms;
    if (/^\s*(commit|rollback)/i.test(text)) out.push(open);
  }
  return out;
}

const inBatches =
  (archive: boolean): Side =>
  async (task) => {
    const db = await open(task.connection.handle);
    await db.makeJournal();
    const before = await countRows(task);
    const since = task.connection.trace.length;
    const { ms, result } = await timed(async () => db.delete(target(task), { batch: true, archive }));
    const spans = transactions(task.connection.trace.slice(since));
    await checkGone(task, before);
    const name = archive ? "delete in batches, archive" : "delete in batches, no archive";
    return {
      [name]: ms,
      [`${name}: transactions`]: result.batches,
      [`${name}: longest transaction`]: Math.max(...spans),
    };
  };

/** The whole call without an archive, and with one. */
export const batchesWithout = inBatches(false);
export const batchesArchived = inBatches(true);
