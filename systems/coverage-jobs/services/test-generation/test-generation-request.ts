import { EntitySchema } from "typeorm";
import {
  type Audited,
  audited,
  date,
  deletedAt,
  json,
  NULLABLE,
  oneOf,
  percent,
  text,
  uuid,
} from "../columns.ts";
import type { PullRequest } from "../job-processing/job.ts";
import type { Repository } from "../repository-analysis/repository.ts";

export const REQUEST_STATUSES = ["PENDING", "GENERATING", "COMPLETED", "FAILED"] as const;

export interface TestGenerationRequest extends Audited {
  id: string;
  repositoryId: string;
  repository?: Repository;
  targetFilePath: string;
  workingDirectory: string;
  status: (typeof REQUEST_STATUSES)[number];
  createdAt: Date;
  completedAt: Date | null;
  sessionId: string | null;
  testFilePath: string | null;
  coverage: number | null;
  error: string | null;
  pullRequest: PullRequest | null;
  deletedAt: Date | null;
}

export const TestGenerationRequestEntity = new EntitySchema<TestGenerationRequest>({
  name: "TestGenerationRequest",
  tableName: "test_generation_requests",
  columns: {
    id: uuid("id", { primary: true }),
    // VARCHAR(500) in the document, for a key of VARCHAR(36).
    repositoryId: uuid("repository_id"),
    targetFilePath: text("target_file_path", 500),
    workingDirectory: text("working_directory", 500),
    status: text("status", 50),
    createdAt: date("created_at", { createDate: true }),
    completedAt: date("completed_at", NULLABLE),
    sessionId: text("session_id", 255, NULLABLE),
    testFilePath: text("test_file_path", 500, NULLABLE),
    coverage: percent("coverage", NULLABLE),
    error: { type: "text", nullable: true },
    pullRequest: json("pull_request"),
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
  },
  checks: [oneOf("test_generation_requests", REQUEST_STATUSES)],
  indices: [
    { name: "test_generation_requests_by_repository", columns: ["repositoryId"] },
    { name: "test_generation_requests_by_status", columns: ["status"] },
    { name: "test_generation_requests_by_session", columns: ["sessionId"] },
  ],
});
