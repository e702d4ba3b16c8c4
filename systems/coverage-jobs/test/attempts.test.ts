import { expect, test } from "vitest";
import { stage } from "./stage.ts";

const FAILED = "repo-1-job-4";

test("`ondelete attempts` lists failed jobs, newest first, with what went wrong", async () => {
  const { ondelete, jobs } = await stage();
  const id = await jobs.create({ repositoryId: "repo-1" });
  await jobs.fail(id, "no such branch");
  const { attempts } = await ondelete.database.attempts();
  expect(attempts.map((a) => [a.key.id, a.status, a.errors.error])).toEqual([
    [id, "FAILED", "no such branch"],
    ["repo-2-job-4", "FAILED", "the tests did not pass"],
    ["repo-1-job-4", "FAILED", "the tests did not pass"],
  ]);
});

test("`ondelete attempts logs` shows the log file of a job", async () => {
  const { ondelete } = await stage();
  const entries: unknown[] = [];
  for await (const entry of ondelete.database.attemptLog({ key: [FAILED] })) entries.push(entry);
  expect(entries).toMatchObject([
    { line: `12:00:00 ${FAILED} cloning` },
    { line: `12:00:01 ${FAILED} installing` },
    { line: `12:00:02 ${FAILED} analyzing` },
    { line: `12:00:03 ${FAILED} done` },
  ]);
});

test("a job that is tried again reuses the same parent's results; the failed one stays, with its log", async () => {
  const { ondelete, jobs, rows, hasLog } = await stage();
  const { created } = await ondelete.database.retry({ key: [FAILED] });
  const own = await jobs.retry(FAILED);
  const made = await rows(
    `select id, status, parent_job_id as parent, target_file_path as file, error from jobs where id in (?, ?)`,
    created.key.id,
    own,
  );
  expect(made.map(({ id, ...rest }) => rest)).toEqual(
    [1, 2].map(() => ({
      status: "PENDING",
      parent: "repo-1-job-1",
      file: "src/search/file-4.ts",
      error: null,
    })),
  );
  expect(hasLog(FAILED)).toBe(true);
  await expect(jobs.retry("repo-1-job-1")).rejects.toThrow("There is no failed job repo-1-job-1.");
});
