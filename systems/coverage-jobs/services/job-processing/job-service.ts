import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
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
    await connections.write((manager) => manager.insert(JobEntity, { ...made, status: "PENDING" }));
    return id;
  }

  /** @throws where the coverage was written before: the database refuses it */
  async advance(id: string, status: JobStatus, results: Results = {}): Promise<void> {
    const { connections, actor } = this.#deps;
    const ended = status === "COMPLETED" || status === "FAILED" ? { completedAt: new Date() } : {};
    await connections.write((manager) =>
      manager.update(JobEntity, { id }, { ...results, ...ended, status, updatedBy: actor }),
    );
  }

  async fail(id: string, error: string): Promise<void> {
    const { connections, actor } = this.#deps;
    const change = { status: "FAILED", error, completedAt: new Date(), updatedBy: actor } as const;
    await connections.write((manager) => manager.update(JobEntity, { id }, change));
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
}
