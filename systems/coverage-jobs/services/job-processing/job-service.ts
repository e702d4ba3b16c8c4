import { randomUUID } from "node:crypto";
import { IsNull } from "typeorm";
import type { Deps } from "../deps.ts";
import { requireRepository } from "../live.ts";
import { type RemovalOptions, remove, restore } from "../removal.ts";
import {
  type CoverageResult,
  type Job,
  JobEntity,
  type JobStatus,
  type PullRequest,
  type TestGenerationResult,
} from "./job.ts";
import { logPathOf } from "./log-path.ts";
import { retryJob } from "./retry-job.ts";

export interface NewJob {
  readonly repositoryId: string;
  readonly parentJobId?: string;
  readonly targetFilePath?: string;
  readonly testGenerationRequestId?: string;
}

/** The columns that hold what a job came to. */
export interface Results {
  readonly coverageResult?: CoverageResult;
  readonly testGenerationResult?: TestGenerationResult;
  readonly prCreationResult?: PullRequest;
}

export class JobService {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async create(job: NewJob): Promise<string> {
    const { connections, actor } = this.#deps;
    const id = randomUUID();
    const made = { ...job, id, logPath: logPathOf(id), createdBy: actor, updatedBy: actor };
    await connections.write(async (manager) => {
      await requireRepository(manager, job.repositoryId);
      await manager.insert(JobEntity, { ...made, status: "PENDING" });
    });
    return id;
  }

  /** @throws where the coverage was written before: the database refuses it */
  advance(id: string, status: JobStatus, results: Results = {}): Promise<void> {
    const ended = status === "COMPLETED" || status === "FAILED" ? { completedAt: new Date() } : {};
    return this.#change(id, { ...results, ...ended, status });
  }

  fail(id: string, error: string): Promise<void> {
    return this.#change(id, { status: "FAILED", error, completedAt: new Date() });
  }

  retry(id: string): Promise<string> {
    const { connections, actor } = this.#deps;
    return connections.write((manager) => retryJob(manager, { id, actor }));
  }

  /** The jobs that reuse its results. */
  children(id: string): Promise<Job[]> {
    return this.#deps.ondelete.live.findBy(JobEntity, { parentJobId: id });
  }

  /** With its log; jobs that reused its results stay. */
  remove(id: string, options?: RemovalOptions) {
    return remove(this.#deps, { entity: JobEntity, id }, options);
  }

  restore(operation: string) {
    return restore(this.#deps, operation);
  }

  async #change(id: string, change: Results & Partial<Job>): Promise<void> {
    const { connections, actor } = this.#deps;
    const { affected } = await connections.write((manager) =>
      manager.update(JobEntity, { id, deletedAt: IsNull() }, { ...change, updatedBy: actor }),
    );
    if (affected !== 1) throw new Error(`There is no job ${id}.`);
  }
}
