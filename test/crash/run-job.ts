import { open } from "../../src/index.ts";
import type { Job } from "./crash-engine.ts";

/** Rows by table, as the outcome of a delete or the plan of a restore counts them. */
export type Counts = Readonly<Record<string, unknown>>;

/** So short that a test need not wait for it. */
const LEASE_SECONDS = 0.2;

/** Deletes or restores on a handle or an address, and gives what ondelete says it did. */
export async function runJob(source: string | object, job: Job): Promise<Counts> {
  const ondelete = await open(source, { limits: { leaseSeconds: LEASE_SECONDS } });
  try {
    if (job.verb !== "restore") {
      const { table, key } = job.root;
      const target = { table, select: { kind: "key", values: [key] } } as const;
      const archive = job.verb !== "delete without archive";
      const batch = job.verb === "delete in batches" && 2;
      const { state, deleted, updated } = await ondelete.delete(target, { archive, batch });
      return { state, deleted, updated };
    }
    const { state, inserts, updates, conflicts } = await ondelete.restore(job.operation);
    return { state, inserts, updates, conflicts };
  } finally {
    await ondelete.close();
  }
}
