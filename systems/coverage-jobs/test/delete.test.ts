import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { open } from "ondelete";
import { expect, test } from "vitest";
import { databaseFile } from "../database.ts";
import { configOf } from "../ondelete.config.ts";
import { stage } from "./stage.ts";

const logsIn = (home: string) => readdirSync(join(home, "data", "logs")).sort();

test("jobs are deleted when their repository is deleted (CASCADE), with their logs, coverage entries and requests", async () => {
  const { repositories, home, values } = await stage();
  const outcome = await repositories.remove("repo-1");
  expect(outcome).toMatchObject({
    state: "done",
    deleted: { repositories: 1, jobs: 4, file_coverages: 6, test_generation_requests: 3 },
    delivery: { delivered: 4, missing: 0, pending: 0 },
  });
  expect(await values("select id from jobs order by id")).toEqual([
    "repo-2-job-1",
    "repo-2-job-2",
    "repo-2-job-3",
    "repo-2-job-4",
  ]);
  expect(logsIn(home)).toEqual([
    "repo-2-job-1.log",
    "repo-2-job-2.log",
    "repo-2-job-3.log",
    "repo-2-job-4.log",
  ]);
});

test("a child job outlives the parent whose results it reused: parent_job_id becomes null", async () => {
  const { jobs, rows, hasLog } = await stage();
  const outcome = await jobs.remove("repo-1-job-1");
  expect(outcome).toMatchObject({ state: "done", deleted: { jobs: 1 }, updated: { jobs: 3 } });
  expect(await rows("select id, parent_job_id as p from jobs where repository_id = 'repo-1'")).toEqual([
    { id: "repo-1-job-2", p: null },
    { id: "repo-1-job-3", p: null },
    { id: "repo-1-job-4", p: null },
  ]);
  expect([hasLog("repo-1-job-1"), hasLog("repo-1-job-2")]).toEqual([false, true]);
  await jobs.restore(outcome.operation ?? "");
  expect((await jobs.children("repo-1-job-1")).map((job) => job.id)).toEqual([
    "repo-1-job-2",
    "repo-1-job-3",
    "repo-1-job-4",
  ]);
});

test("a job outlives the request that it worked for: test_generation_request_id becomes null", async () => {
  const { requests, values } = await stage();
  const outcome = await requests.remove("repo-1-job-2-request");
  expect(outcome).toMatchObject({ deleted: { test_generation_requests: 1 }, updated: { jobs: 1 } });
  expect(await values("select test_generation_request_id from jobs where id = 'repo-1-job-2'")).toEqual([
    null,
  ]);
});

test("the database enforces that jobs and requests cannot reference what does not exist", async () => {
  const { jobs, connections } = await stage();
  const refused = "FOREIGN KEY constraint failed";
  for (const sql of [
    "update jobs set repository_id = 'nothing' where id = 'repo-1-job-1'",
    "update jobs set parent_job_id = 'nothing' where id = 'repo-1-job-1'",
    "update jobs set test_generation_request_id = 'nothing' where id = 'repo-1-job-1'",
    "update file_coverages set repository_id = 'nothing' where id = 'repo-1-file-1'",
    "update test_generation_requests set repository_id = 'https://git.example/x' where id = 'repo-1-job-2-request'",
  ])
    await expect(connections.write((manager) => manager.query(sql))).rejects.toThrow(refused);
  await expect(jobs.create({ repositoryId: "repo-1", parentJobId: "nothing" })).rejects.toThrow(refused);
});

test("nothing is added to a repository that is deleted softly, and nothing below it is changed", async () => {
  const { repositories, jobs, requests, coverage } = await stage();
  await repositories.remove("repo-1", { soft: true });
  const gone = "There is no repository repo-1.";
  await expect(jobs.create({ repositoryId: "repo-1" })).rejects.toThrow(gone);
  await expect(coverage.replace("repo-1", [])).rejects.toThrow(gone);
  const request = { repositoryId: "repo-1", targetFilePath: "a.ts", workingDirectory: "/tmp" };
  await expect(requests.request(request)).rejects.toThrow(gone);
  await expect(jobs.advance("repo-1-job-1", "PENDING")).rejects.toThrow("There is no job repo-1-job-1.");
});

test("delete followed by restore brings every row and every log back as it was", async () => {
  const { repositories, everything, home } = await stage();
  const before = { rows: await everything(), logs: logsIn(home) };
  const { operation } = await repositories.remove("repo-1");
  expect(await everything()).not.toEqual(before.rows);
  await repositories.restore(operation ?? "");
  expect({ rows: await everything(), logs: logsIn(home) }).toEqual(before);
  expect(readFileSync(join(home, "data/logs/repo-1-job-2.log"), "utf8")).toBe(
    "12:00:00 repo-1-job-2 cloning\n12:00:01 repo-1-job-2 installing\n12:00:02 repo-1-job-2 analyzing\n12:00:03 repo-1-job-2 done\n",
  );
});

test("a rolled-back delete leaves every file", async () => {
  const { jobs, home, everything } = await stage();
  // The journal is there after the first delete.
  await jobs.restore((await jobs.remove("repo-2-job-2")).operation ?? "");
  const before = { rows: await everything(), logs: logsIn(home) };
  const database = new DatabaseSync(databaseFile(home));
  database.exec("begin immediate");
  const within = await open(database, configOf(home));
  const outcome = await within.delete({
    table: "repositories",
    select: { kind: "key", values: ["repo-1"] },
  });
  expect(outcome).toMatchObject({ state: "done", deleted: { jobs: 4 } });
  expect(logsIn(home)).toEqual(before.logs);
  database.exec("rollback");
  const delivery = await within.deliver();
  database.close();
  expect(delivery).toMatchObject({ delivered: 0, pending: 0 });
  expect({ rows: await everything(), logs: logsIn(home) }).toEqual(before);
});

test("a soft delete keeps historical records: rows are hidden, logs stay, and the URL can be added again", async () => {
  const { repositories, ondelete, home, values } = await stage();
  const logs = logsIn(home);
  const outcome = await repositories.remove("repo-1", { soft: true });
  expect(outcome).toMatchObject({
    mode: "soft",
    deleted: { repositories: 1, jobs: 4, file_coverages: 6, test_generation_requests: 3 },
  });
  expect(await repositories.find("repo-1")).toBeNull();
  expect(await ondelete.live.count("Job")).toBe(4);
  expect(await ondelete.withDeleted.count("Job")).toBe(8);
  expect(logsIn(home)).toEqual(logs);
  const again = await repositories.add("https://git.example/team/project-1.git");
  expect(await repositories.restore(outcome.operation ?? "")).toMatchObject({
    state: "blocked",
    conflicts: [{ kind: "unique-taken", table: "repositories", sample: [{ id: "repo-1" }] }],
  });
  await repositories.remove(again);
  await repositories.restore(outcome.operation ?? "");
  expect((await repositories.find("repo-1"))?.url).toBe("https://git.example/team/project-1.git");
  expect(await values("select count(*) from jobs where deleted_at is null")).toEqual([8]);
});

test("who deleted what, and why it can be taken back, is written down", async () => {
  const { jobs, ondelete } = await stage();
  const { operation } = await jobs.remove("repo-1-job-2");
  const { operations } = await ondelete.database.status(operation ?? "");
  expect(operations.map((o) => [o.actor, o.state, o.mode])).toEqual([["ann", "done", "hard"]]);
});

test("an archived log goes and comes back with its job too", async () => {
  const { jobs, logArchive, home } = await stage();
  const path = join(home, "data/logs/archive/2026-01/repo-1-job-2.log");
  await logArchive.archiveBefore(new Date("2026-02-01"));
  const { operation } = await jobs.remove("repo-1-job-2");
  expect(existsSync(path)).toBe(false);
  await jobs.restore(operation ?? "");
  expect(readFileSync(path, "utf8")).toContain("repo-1-job-2 done");
});
