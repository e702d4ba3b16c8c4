import { randomUUID } from "node:crypto";
import type { EntityManager } from "typeorm";
import { JobEntity } from "./job.ts";
import { logPathOf } from "./log-path.ts";

/** A new job for the same work, which reuses the same results. The one that failed stays, with its log. */
export async function retryJob(
  manager: EntityManager,
  { id, actor }: { readonly id: string; readonly actor: string },
): Promise<string> {
  const failed = await manager.findOneBy(JobEntity, { id, status: "FAILED" });
  if (!failed) throw new Error(`There is no failed job ${id}.`);
  const made = randomUUID();
  const { repositoryId, parentJobId, targetFilePath, testGenerationRequestId } = failed;
  await manager.insert(JobEntity, {
    id: made,
    repositoryId,
    parentJobId,
    targetFilePath,
    testGenerationRequestId,
    status: "PENDING",
    logPath: logPathOf(made),
    createdBy: actor,
    updatedBy: actor,
  });
  return made;
}
