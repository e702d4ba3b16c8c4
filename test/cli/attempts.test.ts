import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const TABLES = [
  "create table runs (id varchar(20) primary key, status varchar(20) not null, error varchar(99), secret varchar(20), created_at timestamp not null)",
  "create table run_logs (id integer primary key, run_id varchar(20) not null, at integer not null, line varchar(99), detail varchar(99), foreign key (run_id) references runs (id) on delete cascade)",
  "create table jobs (id integer primary key, status varchar(20) not null, log_path varchar(50), finished integer)",
  "insert into runs values ('r-1', 'failed', 'out of disk', 'abc', '2026-01-01 10:00:00'), ('r-2', 'complete', null, null, '2026-01-03 10:00:00'), ('r-4', 'failed', 'no key', null, '2026-01-02 10:00:00')",
  "insert into run_logs values (1, 'r-1', 20, 'second', null), (2, 'r-1', 10, 'first', 'with detail')",
  "insert into jobs values (7, 'FAILED', '7.log', 1), (8, 'DONE', null, 2)",
];

const CONFIG = `
import { writeFileSync } from "node:fs";
export default {
  tables: {
    runs: {
      secret: ["secret"],
      attempts: {
        status: "status", failed: ["failed"], newest: "created_at", errors: ["error", "secret"],
        logs: { table: "run_logs", order: "at" },
        retry: ({ key }) => { writeFileSync("retried.txt", key.id); return "r-2"; },
      },
    },
    jobs: {
      files: { column: "log_path", root: "./logs" },
      attempts: { status: "status", failed: ["FAILED"], newest: "finished", logs: { file: "log_path" } },
    },
  },
};
`;

eachReachable(
  async ({ db, cwd }) => {
    await db.exec(TABLES);
    mkdirSync(join(cwd, "logs"));
    writeFileSync(join(cwd, "logs/7.log"), "one\n\ttwo\n");
    writeFileSync(join(cwd, "ondelete.config.mjs"), CONFIG);
  },
  (stage) => {
    const { run } = stage;

    test("they are listed newest first, for people and for programs", () => {
      const { stdout, status } = run("attempts");
      expect(status).toBe(0);
      expect(
        stdout
          .slice(stdout.indexOf("\n"))
          .replace(/since {3,}/g, "since   ")
          .replace(/2026-01-0(\d) 10:00:00\S*/g, "day $1"),
      ).toBe(`

jobs   status   since   what went wrong
7      FAILED   1       -

runs   status   since   what went wrong
r-4    failed   day 2   no key
r-1    failed   day 1   out of disk

The log of one: ondelete attempts logs KEY. Again: … retry KEY. Away with it: … delete KEY.
`);
      const made = JSON.parse(run("attempts", "--table", "runs", "--limit", "2", "--json").stdout);
      expect(made).toMatchObject({ ondelete: "1", kind: "attempts", failed: { runs: 2 } });
      expect(made.attempts[1]).toEqual({
        table: "runs",
        key: { id: "r-1" },
        status: "failed",
        at: expect.stringMatching(/^2026-01-01 10:00:00/),
        errors: { error: "out of disk", secret: "***" },
        target: { table: "runs", select: { kind: "columns", values: { id: "r-1", status: "failed" } } },
      });
      expect(run("attempts", "--limit", "1").stdout).toContain("and 1 older one; --limit shows more");
    });

    test("the full log of one is printed", () => {
      expect(run("attempts", "logs", "r-1").stdout).toBe("10  first  with detail\n20  second\n");
      expect(run("attempts", "logs", "7").stdout).toBe("one\n\ttwo\n");
      expect(JSON.parse(run("attempts", "logs", "id=r-1", "--json").stdout)).toMatchObject({
        kind: "attempt-log",
        table: "runs",
        key: { id: "r-1" },
        entries: [
          { at: "10", line: "first", detail: "with detail" },
          { at: "20", line: "second", detail: null },
        ],
      });
    });

    test("one is made again once that is confirmed", () => {
      const asked = run("attempts", "retry", "r-1");
      expect([asked.status, asked.stderr]).toEqual([
        2,
        expect.stringContaining("this would retry runs r-1 (failed), and nobody confirmed it"),
      ]);
      const done = run("attempts", "retry", "r-1", "--yes");
      expect([done.stdout, done.status]).toEqual([
        "RETRIED  runs r-1 (failed) stays; the new attempt is runs id=r-2 (complete).\n",
        0,
      ]);
      expect(readFileSync(join(stage.cwd, "retried.txt"), "utf8")).toBe("r-1");
    });

    test("one is deleted like any row, with its plan shown, its log and its file", () => {
      const asked = run("attempts", "delete", "r-1");
      expect([asked.status, asked.stdout]).toEqual([
        2,
        expect.stringContaining("ALLOWED  deletes 3 rows of 2 tables."),
      ]);
      const done = run("attempts", "delete", "7", "--yes", "--reason", "superseded", "--json");
      expect(JSON.parse(done.stdout)).toMatchObject({
        state: "done",
        deleted: { jobs: 1 },
        delivery: { delivered: 1 },
      });
      expect(() => readFileSync(join(stage.cwd, "logs/7.log"))).toThrow("ENOENT");
      expect(run("attempts").stdout).not.toContain("jobs");
    });

    test("what cannot be done ends with its code and says what to do", () => {
      const failing = (...words: string[]) => {
        const { stderr, status } = run("attempts", ...words);
        return [status, stderr];
      };
      expect(failing("erase", "r-1")).toEqual([2, expect.stringContaining("logs, retry, delete")]);
      expect(failing("logs")).toEqual([2, expect.stringContaining("ondelete attempts logs KEY")]);
      expect(failing("delete", "r-2", "--yes")).toEqual([
        1,
        expect.stringContaining("No failed attempt of jobs, runs has the key r-2."),
      ]);
      expect(failing("logs", "r-1", "--table", "rnus")).toEqual([
        2,
        expect.stringContaining("Did you mean runs?"),
      ]);
      expect(failing("retry", "7", "--yes")).toEqual([2, expect.stringContaining("function `retry`")]);
    });
  },
);
