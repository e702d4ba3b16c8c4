// The story of this system, on the terminal: node systems/coverage-jobs/demo.ts
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holds, ondelete, say } from "../support/story.ts";
import { openApplication } from "./application.ts";
import { createBefore } from "./before/create.ts";
import { fill } from "./sample-data.ts";
import { ask } from "./services/queries.ts";

const here = import.meta.dirname;
const home = mkdtempSync(join(tmpdir(), "coverage-jobs-"));
const env = { COVERAGE_HOME: home, COVERAGE_DATABASE: join(home, "before.sqlite") };

/** Runs a command of ondelete on the state before or on the one after. */
function run(command: readonly string[], expected = 0): void {
  const config = join(here, command.includes("--before") ? "before" : ".", "ondelete.config.ts");
  ondelete(
    command.filter((word) => word !== "--before"),
    { config, env, expected },
  );
}

const logsOf = (repository: string): number =>
  readdirSync(join(home, "data/logs")).filter((name) => name.startsWith(`${repository}-`)).length;

async function main(): Promise<void> {
  say("The state before: three references without a foreign key, and what came of it");
  createBefore(env.COVERAGE_DATABASE);
  run(["check", "--data", "--rule", "orphan-rows", "--rule", "fk-type-mismatch", "--before"], 1);
  run(["orphans", "--before"], 1);

  say("The state after: keys, soft deletes, and logs that belong to their jobs");
  const application = await openApplication(home, "demo");
  const { connections, coverage, jobs, logArchive } = application;
  await fill(connections, { seed: 3, repositories: 3, jobs: 8, files: 12 });
  run(["check", "--data"]);

  say("Deleting a repository takes its jobs, and their logs after the commit");
  run(["plan", "repositories", "repo-1"]);
  run(["delete", "repositories", "repo-1", "--yes"]);
  holds(
    logsOf("repo-1") === 0 && logsOf("repo-2") === 8,
    "the 8 logs of repo-1 are gone, those of repo-2 are there",
  );

  say("Taken back, rows and logs are as they were");
  const { operations } = await application.ondelete.database.status();
  run(["restore", operations.at(-1)?.operation ?? "", "--yes"]);
  holds(logsOf("repo-1") === 8, "the 8 logs of repo-1 are back");

  say("A child job outlives the parent whose results it reused");
  const { updated } = await jobs.remove("repo-2-job-1");
  holds(updated.jobs === 7, "7 jobs stay, with parent_job_id null");

  say("What a job measured is never changed, and what a repository has now is replaced");
  const rewritten = connections.write((m) =>
    m.query("update jobs set coverage_result = '{}' where id = 'repo-3-job-1'"),
  );
  const refusal = await rewritten.then(() => "", String);
  holds(
    refusal.includes("The coverage of a job is written once."),
    "the database refuses to write coverage_result again",
  );
  await coverage.replace("repo-3", [
    { filePath: "src/a.ts", coveragePercentage: 90 },
    { filePath: "src/b.ts", coveragePercentage: 41 },
  ]);
  const [now] = await ask(connections.reader, "averageCoverage", "repo-3");
  holds(now?.average_coverage === 65.5, "12 files were replaced by 2, and the average is 65.5");
  const low = await ask(connections.reader, "lowCoverage", "repo-3");
  holds(low.length === 1 && low[0]?.file_path === "src/b.ts", "src/b.ts is the file with low coverage");

  say("Failed jobs: which, and what they said");
  run(["attempts"]);
  run(["attempts", "logs", "repo-1-job-4"]);

  say("Old logs go into the folder of their month, and stay the logs of their jobs");
  const moved = await logArchive.archiveBefore(new Date("2026-01-06"));
  const archived = join(home, "data/logs/archive/2026-01/repo-1-job-1.log");
  holds(moved > 0 && existsSync(archived), `${moved} logs were moved to data/logs/archive/2026-01`);

  say("Every relation, proven by experiment");
  await application.close();
  run(["verify"]);
}

await main().finally(() => rmSync(home, { recursive: true, force: true }));
