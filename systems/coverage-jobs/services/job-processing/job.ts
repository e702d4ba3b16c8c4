import { EntitySchema } from "typeorm";
import { type Audited, audited, date, deletedAt, json, NULLABLE, oneOf, text, uuid } from "../columns.ts";
import type { Repository } from "../repository-analysis/repository.ts";
import type { TestGenerationRequest } from "../test-generation/test-generation-request.ts";

export const JOB_STATUSES = [
  "PENDING",
  "CLONING",
  "INSTALLING",
  "ANALYZING",
  "ANALYSIS_COMPLETED",
  "GENERATING_TESTS",
  "TEST_GENERATION_COMPLETED",
  "CREATING_PR",
  "PR_CREATION_COMPLETED",
  "COMPLETED",
  "FAILED",
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

export interface CoverageResult {
  readonly totalFiles: number;
  readonly averageCoverage: number;
  readonly files: readonly { readonly file: string; readonly coverage: number }[];
}

export interface TestGenerationResult {
  readonly filePath: string;
  readonly testFilePath: string;
  readonly coverage: number;
}

export interface PullRequest {
  readonly prUrl: string;
  readonly prNumber: number;
}

export interface Job extends Audited {
  id: string;
  repositoryId: string;
  repository?: Repository;
  /** The job whose results it reuses. */
  parentJobId: string | null;
  parentJob?: Job | null;
  targetFilePath: string | null;
  status: JobStatus;
  createdAt: Date;
  updatedAt: Date;
  startedAt: Date | null;
  completedAt: Date | null;
  /** Relative to the home of the installation: `data/logs/<job_id>.log`. */
  logPath: string | null;
  error: string | null;
  repositoryPath: string | null;
  sessionId: string | null;
  testGenerationRequestId: string | null;
  testGenerationRequest?: TestGenerationRequest | null;
  coverageResult: CoverageResult | null;
  testGenerationResult: TestGenerationResult | null;
  prCreationResult: PullRequest | null;
  deletedAt: Date | null;
}

export const JobEntity = new EntitySchema<Job>({
  name: "Job",
  tableName: "jobs",
  columns: {
    id: uuid("id", { primary: true }),
    repositoryId: uuid("repository_id"),
    parentJobId: uuid("parent_job_id", NULLABLE),
    targetFilePath: text("target_file_path", 500, NULLABLE),
    status: text("status", 50),
    createdAt: date("created_at", { createDate: true }),
    updatedAt: date("updated_at", { updateDate: true }),
    startedAt: date("started_at", NULLABLE),
    completedAt: date("completed_at", NULLABLE),
    logPath: text("log_path", 500, NULLABLE),
    error: { type: "text", nullable: true },
    repositoryPath: text("repository_path", 500, NULLABLE),
    sessionId: text("session_id", 255, NULLABLE),
    testGenerationRequestId: uuid("test_generation_request_id", NULLABLE),
    coverageResult: json("coverage_result"),
    testGenerationResult: json("test_generation_result"),
    prCreationResult: json("pr_creation_result"),
    ...audited,
    deletedAt,
  },
  relations: {
    repository: {
      type: "many-to-one",
      target: "Repository",
      joinColumn: { name: "repository_id" },
      nullable: false,
      onDelete: "CASCADE",
    },
    // No key in the document. A child outlives the parent whose results it reused.
    parentJob: {
      type: "many-to-one",
      target: "Job",
      joinColumn: { name: "parent_job_id" },
      onDelete: "SET NULL",
    },
    // Neither key nor index in the document.
    testGenerationRequest: {
      type: "many-to-one",
      target: "TestGenerationRequest",
      joinColumn: { name: "test_generation_request_id" },
      onDelete: "SET NULL",
    },
  },
  checks: [oneOf("jobs", JOB_STATUSES)],
  indices: [
    { name: "jobs_by_repository", columns: ["repositoryId"] },
    { name: "jobs_by_parent", columns: ["parentJobId"] },
    { name: "jobs_by_request", columns: ["testGenerationRequestId"] },
    { name: "jobs_by_status", columns: ["status"] },
    { name: "jobs_by_creation", columns: ["createdAt"] },
  ],
});

/** What TypeORM has no word for: the coverage of a job is written once, and never again. */
export const COVERAGE_ONCE = `
  create trigger if not exists jobs_coverage_result_once before update of coverage_result on jobs
  when old.coverage_result is not null and new.coverage_result is not old.coverage_result
  begin
    select raise(abort, 'The coverage of a job is written once.');
  end`;
