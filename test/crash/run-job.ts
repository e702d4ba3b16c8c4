import { open } from "../../src/index.ts";
import type { Job } from "./crash-engine.ts";

/** Rows by table, as the outcome of a delete or the plan of a restore counts them. */
export type Counts = Readonly<Record<string, unknown>>;

/** Deletes or restores on a handle or an address, and gives what ondelete says it did. */
export async function runJob(source: string | object, job: Job): Promise<Counts> {
  const ondelete = await open(source);
  try {
    if (job.verb !== "restore") {
      const { table, key } = job.root;
      const target = { table, select: { kind: "key", values: [key] } } as const;
      const archive = job.verb === "delete";
      const { state, deleted, updated } = await ondelete.delete(target, { archive });
      return { state, deleted, updated };
    }
    const { state, inserts, updates, conflicts } = await ondelete.restore(job.operation);
    return { state, inserts, updates, conflicts };
  } finally {
    await ondelete.close();
  }
}
