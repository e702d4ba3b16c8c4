import { expect, test } from "vitest";
import { stage } from "./stage.ts";

const NOW = new Date("2026-02-01T00:00:00.000Z");

async function withFailures() {
  const made = await stage();
  made.database.exec(`
    insert into analysis_runs (id, project_id, status, version, progress, error_message, error_details, created_at) values
      ('f-1', 'project-2-1', 'failed', 21, 40, 'out of memory', 'heap of 4 GB', '2026-01-01T00:00:00.000Z'),
      ('f-2', 'project-2-1', 'failed', 22, 80, 'no such branch', null, '2026-01-03T00:00:00.000Z'),
      ('f-3', 'project-2-1', 'cancelled', 23, 80, null, null, '2026-01-04T00:00:00.000Z');
    insert into analysis_activity_logs (id, analysis_run_id, timestamp, action, result, details) values
      ('l-2', 'f-1', '2026-01-01T00:00:02.000Z', 'scan', 'error', 'killed'),
      ('l-1', 'f-1', '2026-01-01T00:00:01.000Z', 'clone', 'ok', null);
    insert into config_sets (id, project_id, status, version, error_message, created_at) values
      ('c-1', 'project-2-1', 'failed', 31, 'no base image', '2026-01-01T00:00:00.000Z'),
      ('c-2', 'project-2-1', 'failed', 32, 'no base image', '2026-01-02T00:00:00.000Z');
    insert into config_activity_logs (id, config_set_id, timestamp, action, result) values ('cl-1', 'c-1', '2026-01-01T00:00:01.000Z', 'choose image', 'error');
  `);
  made.database.exec(
    "update config_sets set status = 'complete' where project_id = 'project-2-1' and id like 'project%'",
  );
  return made;
}

test("failed analyses of a project are listed, newest first, with error messages and full logs", async () => {
  const { analyses } = await withFailures();
  const failed = await analyses.listFailedAnalyses("project-2-1");
  const own = failed.filter((run) => run.id.startsWith("f-"));
  expect(
    own.map((run) => [run.id, run.errorMessage, run.errorDetails, run.logs.map((l) => l.action)]),
  ).toEqual([
    ["f-2", "no such branch", null, []],
    ["f-1", "out of memory", "heap of 4 GB", ["clone", "scan"]],
  ]);
  expect(failed.map((run) => run.createdAt)).toEqual(
    failed
      .map((run) => run.createdAt)
      .toSorted()
      .toReversed(),
  );
});

test("failed config generations of a project are listed, newest first, with error messages and full logs", async () => {
  const { configs } = await withFailures();
  const failed = await configs.listFailedConfigs("project-2-1");
  expect(failed.map((set) => [set.id, set.errorMessage, set.logs.map((l) => l.action)])).toEqual([
    ["c-2", "no base image", []],
    ["c-1", "no base image", ["choose image"]],
  ]);
});

test("users can retry failed attempts: a new one is pending, the failed one keeps its logs", async () => {
  const { analyses, configs, database } = await withFailures();
  const run = await analyses.retry("f-1", NOW);
  const set = await configs.retry("c-1", NOW);
  expect([run.version, set.version]).toEqual([24, 33]);
  const made = database.prepare(
    "select project_id, status, version, progress, created_at from analysis_runs where id = ?",
  );
  expect({ ...made.get(run.id) }).toEqual({
    project_id: "project-2-1",
    status: "pending",
    version: 24,
    progress: 0,
    created_at: "2026-02-01T00:00:00.000Z",
  });
  expect(database.prepare("select status from analysis_runs where id = 'f-1'").get()?.status).toBe("failed");
  expect(
    database.prepare("select count(*) as n from analysis_activity_logs where analysis_run_id = 'f-1'").get()
      ?.n,
  ).toBe(2);
  await expect(analyses.retry("f-3")).rejects.toThrow("There is no failed analysis f-3.");
  await expect(configs.retry("nothing")).rejects.toThrow("There is no failed config set nothing.");
});

test("users can delete failed attempts, and only failed ones", async () => {
  const { analyses, configs } = await withFailures();
  expect((await analyses.deleteAttempt("f-1")).removed).toEqual({
    analysis_runs: 1,
    analysis_activity_logs: 2,
  });
  expect((await configs.deleteAttempt("c-1")).removed).toEqual({ config_sets: 1, config_activity_logs: 1 });
  await expect(analyses.deleteAttempt("f-3")).rejects.toMatchObject({ code: "not-found" });
  await expect(analyses.deleteAttempt("f-1")).rejects.toMatchObject({ code: "not-found" });
});

test("`ondelete attempts` shows the same", async () => {
  const { ondelete } = await withFailures();
  const { attempts } = await ondelete.attempts({ table: "analysis_runs", limit: 2 });
  expect(attempts.map((a) => [a.key.id, a.errors])).toEqual([
    ["f-2", { error_message: "no such branch", error_details: null }],
    ["f-1", { error_message: "out of memory", error_details: "heap of 4 GB" }],
  ]);
});
