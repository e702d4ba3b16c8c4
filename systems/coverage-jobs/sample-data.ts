import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EntityManager, EntityTarget } from "typeorm";
import { fractions } from "../support/random.ts";
import type { Connections } from "./database.ts";
import { type Job, JobEntity } from "./services/job-processing/job.ts";
import { logPathOf } from "./services/job-processing/log-path.ts";
import { type FileCoverage, FileCoverageEntity } from "./services/repository-analysis/file-coverage.ts";
import { RepositoryEntity } from "./services/repository-analysis/repository.ts";
import { TestGenerationRequestEntity } from "./services/test-generation/test-generation-request.ts";

export interface Size {
  readonly seed: number;
  readonly repositories: number;
  /** Jobs of each repository: an analysis, then jobs that generate tests for its files. */
  readonly jobs: number;
  /** Files of each repository. */
  readonly files: number;
}

const MADE = { createdBy: "sample", updatedBy: "sample" } as const;
const FOLDERS = ["api", "billing", "cart", "search", "users"];

/** The same rows and logs for the same size, whenever it is called. Ids tell what they belong to: `repo-1-job-2`. */
export async function fill(connections: Connections, size: Size): Promise<void> {
  const random = fractions(size.seed);
  mkdirSync(join(connections.home, "data", "logs"), { recursive: true });
  await connections.write(async (manager) => {
    for (let i = 1; i <= size.repositories; i++) {
      const files = filesOf(`repo-${i}`, size.files, random);
      await insert(manager, RepositoryEntity, [repository(i, files)]);
      await insert(manager, FileCoverageEntity, files);
      const jobs = jobsOf(`repo-${i}`, size.jobs, files);
      await insert(manager, TestGenerationRequestEntity, requestsOf(jobs));
      await insert(manager, JobEntity, jobs);
      for (const job of jobs) writeLog(connections.home, job);
    }
  });
}

const average = (files: readonly FileCoverage[]): number =>
  Math.round((100 * files.reduce((sum, f) => sum + f.coveragePercentage, 0)) / files.length) / 100;

const at = (day: number): Date => new Date(Date.UTC(2026, 0, day, 12));

function repository(i: number, files: readonly FileCoverage[]) {
  return {
    ...MADE,
    id: `repo-${i}`,
    url: `https://git.example/team/project-${i}.git`,
    entrypoint: i % 3 === 0 ? "backend" : null,
    status: "ANALYZED" as const,
    createdAt: at(1),
    updatedAt: at(2),
    clonedAt: at(1),
    lastAnalyzedAt: at(2),
    averageCoverage: files.length === 0 ? null : average(files),
  };
}

function filesOf(repositoryId: string, count: number, random: () => number): FileCoverage[] {
  return Array.from({ length: count }, (_, i) => {
    const linesTotal = 20 + Math.floor(random() * 400);
    const linesCovered = Math.floor(random() * (linesTotal + 1));
    return {
      id: `${repositoryId}-file-${i + 1}`,
      repositoryId,
      filePath: `src/${FOLDERS[i % FOLDERS.length]}/file-${i + 1}.ts`,
      coveragePercentage: Math.round((10_000 * linesCovered) / linesTotal) / 100,
      linesCovered,
      linesTotal,
      createdAt: at(2),
      createdBy: "sample",
      deletedAt: null,
    };
  });
}

type SampleJob = Partial<Job> & Pick<Job, "id" | "repositoryId" | "status" | "logPath">;

/** The first job analyzes. The others reuse what it found, and each fourth of them fails. */
function jobsOf(repositoryId: string, count: number, files: readonly FileCoverage[]): SampleJob[] {
  return Array.from({ length: count }, (_, i) => {
    const id = `${repositoryId}-job-${i + 1}`;
    const failed = i % 4 === 3;
    const shared = {
      ...MADE,
      id,
      repositoryId,
      logPath: logPathOf(id),
      createdAt: at(2 + i),
      updatedAt: at(3 + i),
      startedAt: at(2 + i),
      completedAt: at(3 + i),
      status: failed ? ("FAILED" as const) : ("COMPLETED" as const),
      error: failed ? "the tests did not pass" : null,
    };
    if (i === 0) return { ...shared, coverageResult: resultOf(files) };
    return {
      ...shared,
      parentJobId: `${repositoryId}-job-1`,
      targetFilePath: files[i % files.length]?.filePath ?? "src/main.ts",
      testGenerationRequestId: `${id}-request`,
    };
  });
}

const resultOf = (files: readonly FileCoverage[]) => ({
  totalFiles: files.length,
  averageCoverage: average(files),
  files: files.map((f) => ({ file: f.filePath, coverage: f.coveragePercentage })),
});

function requestsOf(jobs: readonly SampleJob[]) {
  return jobs.slice(1).map((job) => ({
    ...MADE,
    id: `${job.id}-request`,
    repositoryId: job.repositoryId,
    targetFilePath: job.targetFilePath ?? "",
    workingDirectory: `/tmp/${job.repositoryId}`,
    status: job.status === "FAILED" ? ("FAILED" as const) : ("COMPLETED" as const),
    createdAt: job.createdAt ?? at(2),
    sessionId: `session-${job.id}`,
  }));
}

function writeLog(home: string, { id, logPath }: SampleJob): void {
  const lines = ["cloning", "installing", "analyzing", "done"].map((step, i) => `12:00:0${i} ${id} ${step}`);
  writeFileSync(join(home, logPath ?? ""), `${lines.join("\n")}\n`);
}

async function insert<Row extends object>(manager: EntityManager, entity: EntityTarget<Row>, rows: object[]) {
  // An INSERT of SQLite's takes 32,766 values. Copies, because TypeORM 1.1.1 writes the keys that it reads back into what
  // it is given, sorted: job-10 before job-2.
  const copies = rows.map((row) => ({ ...row }));
  for (let i = 0; i < rows.length; i += 1000)
    await manager.insert(entity, copies.slice(i, i + 1000) as never);
}
