import { expect, test } from "vitest";
import { stage } from "./stage.ts";

const RESULT = {
  totalFiles: 2,
  averageCoverage: 78.5,
  files: [
    { file: "src/a.ts", coverage: 85.2 },
    { file: "src/b.ts", coverage: 71.8 },
  ],
};

test("jobs.coverage_result is written once when the job completes, never updated: the database refuses it", async () => {
  const { jobs, connections, rows } = await stage();
  const id = await jobs.create({ repositoryId: "repo-1" });
  await jobs.advance(id, "ANALYSIS_COMPLETED", { coverageResult: RESULT });
  const again = jobs.advance(id, "COMPLETED", { coverageResult: { ...RESULT, averageCoverage: 99 } });
  await expect(again).rejects.toThrow("The coverage of a job is written once.");
  const emptied = connections.write((m) =>
    m.query("update jobs set coverage_result = null where id = ?", [id]),
  );
  await expect(emptied).rejects.toThrow("The coverage of a job is written once.");
  await jobs.advance(id, "COMPLETED");
  const [row] = await rows("select status, coverage_result from jobs where id = ?", id);
  expect([row?.status, JSON.parse(String(row?.coverage_result))]).toEqual(["COMPLETED", RESULT]);
});

test("the JSON columns hold what the document shows", async () => {
  const { jobs, ondelete } = await stage();
  const id = await jobs.create({ repositoryId: "repo-1" });
  const testGenerationResult = {
    filePath: "src/service.ts",
    testFilePath: "src/service.test.ts",
    coverage: 92.3,
  };
  const prCreationResult = { prUrl: "https://github.com/owner/repo/pull/123", prNumber: 123 };
  await jobs.advance(id, "COMPLETED", { coverageResult: RESULT, testGenerationResult, prCreationResult });
  expect(await ondelete.live.findOneBy("Job", { id })).toMatchObject({
    coverageResult: RESULT,
    testGenerationResult,
    prCreationResult,
  });
});

test("file_coverages is replaced on re-analysis, and the average recalculated from it", async () => {
  const { coverage, rows, values } = await stage();
  await coverage.replace("repo-1", [
    { filePath: "src/a.ts", coveragePercentage: 85.25, linesCovered: 341, linesTotal: 400 },
    { filePath: "src/b.ts", coveragePercentage: 10 },
    { filePath: "src/c.ts", coveragePercentage: 33.33 },
  ]);
  expect(
    await rows(
      "select file_path, coverage_percentage from file_coverages where repository_id = 'repo-1' order by file_path",
    ),
  ).toEqual([
    { file_path: "src/a.ts", coverage_percentage: 85.25 },
    { file_path: "src/b.ts", coverage_percentage: 10 },
    { file_path: "src/c.ts", coverage_percentage: 33.33 },
  ]);
  // (85.25 + 10 + 33.33) / 3
  expect(await values("select average_coverage from repositories where id = 'repo-1'")).toEqual([42.86]);
  expect(await values("select count(*) from file_coverages where repository_id = 'repo-2'")).toEqual([6]);
  await coverage.replace("repo-1", []);
  expect(await values("select average_coverage from repositories where id = 'repo-1'")).toEqual([null]);
});

test("an analysis that fails half-way leaves the old coverage and the old average", async () => {
  const { coverage, everything } = await stage();
  const before = await everything();
  const twice = coverage.replace("repo-1", [
    { filePath: "src/a.ts", coveragePercentage: 1 },
    { filePath: "src/a.ts", coveragePercentage: 2 },
  ]);
  await expect(twice).rejects.toThrow(/UNIQUE constraint failed/);
  expect(await everything()).toEqual(before);
});

test("jobs preserve what coverage was when they executed, whatever the repository has now", async () => {
  const { coverage, values } = await stage();
  const snapshot = await values("select coverage_result from jobs where id = 'repo-1-job-1'");
  await coverage.replace("repo-1", [{ filePath: "src/a.ts", coveragePercentage: 1 }]);
  expect(await values("select coverage_result from jobs where id = 'repo-1-job-1'")).toEqual(snapshot);
});

test("who created a row and who changed it is in its audit columns", async () => {
  const { jobs, coverage, rows, values } = await stage();
  await jobs.advance("repo-1-job-2", "FAILED");
  expect(await rows("select created_by, updated_by from jobs where id = 'repo-1-job-2'")).toEqual([
    { created_by: "sample", updated_by: "ann" },
  ]);
  await coverage.replace("repo-1", [{ filePath: "src/a.ts", coveragePercentage: 1 }]);
  expect(await values("select created_by from file_coverages where repository_id = 'repo-1'")).toEqual([
    "ann",
  ]);
});
