import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { databaseFile } from "../database.ts";
import { stage } from "./stage.ts";

const AT = new Date("2026-03-01T10:00:00Z");

test("job outputs are stored in log files (data/logs/<job_id>.log), and log_path references the file", async () => {
  const { jobs, appendJobLog, rows, home } = await stage();
  const id = await jobs.create({ repositoryId: "repo-1" });
  expect(await rows("select log_path from jobs where id = ?", id)).toEqual([
    { log_path: `data/logs/${id}.log` },
  ]);
  await appendJobLog.execute({ jobId: id, message: "cloning", at: AT });
  await appendJobLog.execute({ jobId: id, message: "näher dran", at: AT });
  expect(readFileSync(join(home, `data/logs/${id}.log`), "utf8")).toBe(
    "2026-03-01T10:00:00.000Z cloning\n2026-03-01T10:00:00.000Z näher dran\n",
  );
});

test("GetJobLogsQuery reads pages and the tail", async () => {
  const { getJobLogs } = await stage();
  const id = "repo-1-job-1";
  expect(await getJobLogs.page(id, { page: 1, size: 3 })).toEqual({
    lines: [`12:00:00 ${id} cloning`, `12:00:01 ${id} installing`, `12:00:02 ${id} analyzing`],
    more: true,
  });
  expect(await getJobLogs.page(id, { page: 2, size: 3 })).toEqual({
    lines: [`12:00:03 ${id} done`],
    more: false,
  });
  expect(await getJobLogs.page(id, { page: 3, size: 3 })).toEqual({ lines: [], more: false });
  expect(await getJobLogs.tail(id, 2)).toEqual([`12:00:02 ${id} analyzing`, `12:00:03 ${id} done`]);
});

test("following a log gives what is there and what comes, until the job has ended", async () => {
  const { jobs, appendJobLog, getJobLogs } = await stage();
  const jobId = await jobs.create({ repositoryId: "repo-1" });
  const seen: string[] = [];
  const following = (async () => {
    for await (const line of getJobLogs.follow(jobId, { every: 5 })) seen.push(line.slice(25));
  })();
  for (const message of ["one", "two", "three"]) {
    await appendJobLog.execute({ jobId, message, at: AT });
    while (seen.at(-1) !== message) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await appendJobLog.execute({ jobId, message: "last", at: AT });
  await jobs.advance(jobId, "COMPLETED");
  await following;
  expect(seen).toEqual(["one", "two", "three", "last"]);
});

test("no log comes up for a job that is gone", async () => {
  const { jobs, appendJobLog, hasLog } = await stage();
  const jobId = await jobs.create({ repositoryId: "repo-1" });
  await jobs.remove(jobId);
  const append = appendJobLog.execute({ jobId, message: "late", at: AT });
  await expect(append).rejects.toThrow(`There is no job ${jobId}.`);
  expect(hasLog(jobId)).toBe(false);
  const hidden = await jobs.create({ repositoryId: "repo-1" });
  await jobs.remove(hidden, { soft: true });
  await expect(appendJobLog.execute({ jobId: hidden, message: "late", at: AT })).rejects.toThrow(
    "There is no job",
  );
});

test("old logs are archived by date, and stay the logs of their jobs", async () => {
  const { logArchive, getJobLogs, rows, home } = await stage();
  // Jobs 1 to 4 of a repository were done on January 3 to 6.
  expect(await logArchive.archiveBefore(new Date("2026-01-05"))).toBe(4);
  expect(readdirSync(join(home, "data/logs/archive/2026-01")).sort()).toEqual([
    "repo-1-job-1.log",
    "repo-1-job-2.log",
    "repo-2-job-1.log",
    "repo-2-job-2.log",
  ]);
  expect(await rows("select log_path from jobs where id = 'repo-1-job-1'")).toEqual([
    { log_path: "data/logs/archive/2026-01/repo-1-job-1.log" },
  ]);
  expect(await getJobLogs.tail("repo-1-job-1", 1)).toEqual(["12:00:03 repo-1-job-1 done"]);
  expect(await logArchive.archiveBefore(new Date("2026-01-05"))).toBe(0);
});

test("an archiving that died between row and file is finished by the next", async () => {
  const { logArchive, home } = await stage();
  const place = join(home, "data/logs/repo-1-job-1.log");
  const text = readFileSync(place, "utf8");
  await logArchive.archiveBefore(new Date("2026-01-05"));
  writeFileSync(place, text);
  await logArchive.archiveBefore(new Date("2026-01-05"));
  expect(existsSync(place)).toBe(false);
  expect(readFileSync(join(home, "data/logs/archive/2026-01/repo-1-job-1.log"), "utf8")).toBe(text);
});

test("log files support unbounded growth without affecting the database: 5 MB of output, and not a page more", async () => {
  const { jobs, appendJobLog, connections, getJobLogs, home } = await stage();
  const jobId = await jobs.create({ repositoryId: "repo-1" });
  const size = async () => {
    await connections.write((m) => m.query("select 1"));
    return ["", "-wal"].map((end) => statSync(databaseFile(home) + end).size);
  };
  const before = await size();
  for (let i = 0; i < 50; i++)
    await appendJobLog.execute({ jobId, message: `${i} ${"x".repeat(100_000)}`, at: AT });
  expect(await size()).toEqual(before);
  expect((await getJobLogs.tail(jobId, 1))[0]?.slice(25, 29)).toBe("49 x");
});

test("log files can be viewed with standard tools (tail, grep)", async () => {
  const { home } = await stage();
  const path = join(home, "data/logs/repo-1-job-1.log");
  expect(execFileSync("tail", ["-n", "1", path], { encoding: "utf8" })).toBe("12:00:03 repo-1-job-1 done\n");
  expect(execFileSync("grep", ["-c", "ing$", path], { encoding: "utf8" })).toBe("3\n");
});
