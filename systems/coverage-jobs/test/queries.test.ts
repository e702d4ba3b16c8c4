import { beforeEach, expect, test } from "vitest";
import { ask, QUERIES } from "../services/queries.ts";
import { DOCUMENT } from "./document-text.ts";
import { stage } from "./stage.ts";

let made: Awaited<ReturnType<typeof stage>>;
beforeEach(async () => {
  made = await stage();
});

/** What SQLite does to answer a query, in its own words. */
const plan = async (query: string, ...values: readonly string[]) =>
  (await made.rows(`explain query plan ${query}`, ...values)).map((row) => row.detail);

test.skipIf(DOCUMENT === null)("the queries are the document's, word for word", () => {
  for (const query of Object.values(QUERIES)) expect(DOCUMENT).toContain(query);
  expect(Object.keys(QUERIES).length).toBe(7);
});

test("get current coverage for a repository", async () => {
  const rows = await ask(made.connections.reader, "currentCoverage", "repo-1");
  expect(rows.map((r) => r.file_path).sort()).toEqual([
    "src/api/file-1.ts",
    "src/api/file-6.ts",
    "src/billing/file-2.ts",
    "src/cart/file-3.ts",
    "src/search/file-4.ts",
    "src/users/file-5.ts",
  ]);
  expect(await plan(QUERIES.currentCoverage, "repo-1")).toEqual([
    "SEARCH file_coverages USING INDEX file_coverages_by_repository (repository_id=?)",
  ]);
});

test("get historical coverage from a specific job execution", async () => {
  const [row] = await ask(made.connections.reader, "coverageOfJob", "repo-1-job-1");
  expect(JSON.parse(String(row?.coverage_result))).toMatchObject({ totalFiles: 6 });
  expect(await plan(QUERIES.coverageOfJob, "repo-1-job-1")).toEqual([
    "SEARCH jobs USING INDEX sqlite_autoindex_jobs_1 (id=?)",
  ]);
});

test("track coverage trends over time", async () => {
  await made.connections.write((m) =>
    m.query(`insert into jobs (id, repository_id, status, created_at, created_by, updated_by, coverage_result) values
      ('late', 'repo-1', 'COMPLETED', '2026-03-02 00:00:00', 'a', 'a', '{"totalFiles":1,"averageCoverage":81.5,"files":[]}'),
      ('early', 'repo-1', 'COMPLETED', '2026-03-01 00:00:00', 'a', 'a', '{"totalFiles":1,"averageCoverage":78.5,"files":[]}')`),
  );
  const trend = await ask(made.connections.reader, "trend", "repo-1");
  expect(trend.slice(-2).map((r) => ({ ...r }))).toEqual([
    { created_at: "2026-03-01 00:00:00", coverage: 78.5 },
    { created_at: "2026-03-02 00:00:00", coverage: 81.5 },
  ]);
  // SQLite takes one index for a table: the jobs of one repository are found by theirs, and the few of them sorted.
  expect(await plan(QUERIES.trend, "repo-1")).toEqual([
    "SEARCH jobs USING INDEX jobs_by_repository (repository_id=?)",
    "USE TEMP B-TREE FOR ORDER BY",
  ]);
});

test("created_at indexed for chronological sorting", async () => {
  expect(await plan("select id, created_at from jobs order by created_at")).toEqual([
    "SCAN jobs USING INDEX jobs_by_creation",
  ]);
});

test("find all jobs for a repository", async () => {
  const rows = await ask(made.connections.reader, "jobsOfRepository", "repo-2");
  expect(rows.map((r) => r.id).sort()).toEqual([
    "repo-2-job-1",
    "repo-2-job-2",
    "repo-2-job-3",
    "repo-2-job-4",
  ]);
  expect(await plan(QUERIES.jobsOfRepository, "repo-2")).toEqual([
    "SEARCH jobs USING INDEX jobs_by_repository (repository_id=?)",
  ]);
});

test("find low-coverage files", async () => {
  await made.coverage.replace("repo-1", [
    { filePath: "a", coveragePercentage: 49.99 },
    { filePath: "b", coveragePercentage: 50 },
    { filePath: "c", coveragePercentage: 3 },
  ]);
  const rows = await ask(made.connections.reader, "lowCoverage", "repo-1");
  expect(rows.map((r) => [r.file_path, r.coverage_percentage])).toEqual([
    ["c", 3],
    ["a", 49.99],
  ]);
  const [first] = await plan(QUERIES.lowCoverage, "repo-1");
  expect(first).toBe("SEARCH file_coverages USING INDEX file_coverages_by_repository (repository_id=?)");
  expect(await plan("select id from file_coverages where coverage_percentage < 50")).toEqual([
    "SEARCH file_coverages USING INDEX file_coverages_by_percentage (coverage_percentage<?)",
  ]);
});

test("find child jobs of a parent", async () => {
  const rows = await ask(made.connections.reader, "childJobs", "repo-1-job-1");
  expect(rows.map((r) => r.id).sort()).toEqual(["repo-1-job-2", "repo-1-job-3", "repo-1-job-4"]);
  expect(await plan(QUERIES.childJobs, "repo-1-job-1")).toEqual([
    "SEARCH jobs USING INDEX jobs_by_parent (parent_job_id=?)",
  ]);
});

test("get repository with average coverage", async () => {
  await made.coverage.replace("repo-1", [{ filePath: "a", coveragePercentage: 12.5 }]);
  const rows = await ask(made.connections.reader, "averageCoverage", "repo-1");
  expect(rows.map((r) => ({ ...r }))).toEqual([
    { url: "https://git.example/team/project-1.git", average_coverage: 12.5 },
  ]);
  expect(await plan(QUERIES.averageCoverage, "repo-1")).toEqual([
    "SEARCH repositories USING INDEX sqlite_autoindex_repositories_1 (id=?)",
  ]);
});

test("all foreign keys are indexed for efficient joins", async () => {
  expect(
    await plan(
      "select r.url, j.id from repositories r join jobs j on j.repository_id = r.id where r.id = ?",
      "repo-1",
    ),
  ).toEqual([
    "SEARCH r USING INDEX sqlite_autoindex_repositories_1 (id=?)",
    "SEARCH j USING INDEX jobs_by_repository (repository_id=?)",
  ]);
});

test("frequently queried status columns, the URL and session_id are indexed", async () => {
  expect(await plan("select * from repositories where url = ?", "x")).toEqual([
    "SEARCH repositories USING INDEX repositories_by_url (url=?)",
  ]);
  for (const table of ["repositories", "jobs", "test_generation_requests"])
    expect(await plan(`select * from ${table} where status = ?`, "FAILED")).toEqual([
      `SEARCH ${table} USING INDEX ${table}_by_status (status=?)`,
    ]);
  expect(await plan("select * from test_generation_requests where session_id = ?", "x")).toEqual([
    "SEARCH test_generation_requests USING INDEX test_generation_requests_by_session (session_id=?)",
  ]);
});
