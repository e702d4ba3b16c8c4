import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Config, type LogEntry, open } from "../../src/index.ts";
import { eachVariant } from "../support/stages.ts";

const TABLES = [
  "create table projects (id integer primary key)",
  "create table runs (id varchar(20) primary key, project_id integer not null, version integer not null, status varchar(20) not null, error text, created_at timestamp not null, foreign key (project_id) references projects (id) on delete cascade)",
  "create table run_logs (id integer primary key, run_id varchar(20) not null, at integer not null, line text, foreign key (run_id) references runs (id) on delete cascade)",
  // No constraint: its relation is one of the configuration.
  "create table jobs (tenant integer not null, id integer not null, state integer not null, log_path varchar(50), finished timestamp null, deleted_at timestamp null, primary key (tenant, id))",
  "insert into projects values (1)",
  "insert into runs values ('r-1', 1, 1, 'failed', 'out of disk', '2026-01-01 10:00:00'), ('r-2', 1, 2, 'cancelled', null, '2026-01-03 10:00:00'), ('r-3', 1, 3, 'complete', null, '2026-01-04 10:00:00'), ('r-4', 1, 4, 'failed', 'no key', '2026-01-02 10:00:00')",
  "insert into run_logs values (1, 'r-1', 20, 'second'), (2, 'r-1', 10, 'first'), (3, 'r-4', 5, 'of another')",
  "insert into jobs values (1, 7, 3, 'a/7.log', '2026-01-01 10:00:00', null), (2, 7, 3, 'a/8.log', null, null), (2, 8, 3, null, '2026-02-01 10:00:00', null), (2, 9, 3, null, '2026-03-01 10:00:00', '2026-03-02 10:00:00'), (3, 1, 1, null, null, null)",
];

const RUNS = {
  status: "status",
  failed: ["failed", "cancelled"],
  newest: "created_at",
  errors: ["error"],
  logs: { table: "run_logs", order: "at" },
} as const;

function configOf(root: string): Config {
  const jobs = { status: "state", failed: ["3"], newest: "finished", logs: { file: "log_path" } };
  return {
    tables: {
      runs: { attempts: RUNS },
      jobs: { attempts: jobs, files: { column: "log_path", root }, softDelete: "deleted_at" },
    },
  };
}

async function all(log: AsyncIterable<LogEntry>): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of log) entries.push(entry);
  return entries;
}

eachVariant((_, fresh) => {
  const prepared = async () => {
    const db = await fresh();
    await db.exec(TABLES);
    const root = mkdtempSync(join(tmpdir(), "ondelete-logs-"));
    mkdirSync(join(root, "a"));
    writeFileSync(join(root, "a/7.log"), "line one\r\nline two\nlast without end");
    return { db, ondelete: await open(db.handle, configOf(root)) };
  };

  test("failed attempts are listed by table, newest first, what is deleted softly left out", async () => {
    const { ondelete } = await prepared();
    const { attempts, failed } = await ondelete.attempts();
    expect(failed).toEqual({ jobs: 3, runs: 3 });
    expect(attempts.map((a) => [a.table, ...Object.values(a.key), a.status, a.errors])).toEqual([
      ["jobs", "2", "8", "3", {}],
      ["jobs", "1", "7", "3", {}],
      ["jobs", "2", "7", "3", {}],
      ["runs", "r-2", "cancelled", { error: null }],
      ["runs", "r-4", "failed", { error: "no key" }],
      ["runs", "r-1", "failed", { error: "out of disk" }],
    ]);
    const first = await ondelete.attempts({ table: "runs", limit: 1 });
    expect([first.attempts.map((a) => a.key), first.failed]).toEqual([[{ id: "r-2" }], { runs: 3 }]);
  });

  test("the log of an attempt is its rows in order, or the lines of its file", async () => {
    const { ondelete } = await prepared();
    expect(await all(ondelete.attemptLog({ key: ["r-1"] }))).toEqual([
      { at: "10", line: "first" },
      { at: "20", line: "second" },
    ]);
    expect(await all(ondelete.attemptLog({ key: ["r-2"] }))).toEqual([]);
    expect(await all(ondelete.attemptLog({ key: ["1", "7"] }))).toEqual([
      { line: "line one" },
      { line: "line two" },
      { line: "last without end" },
    ]);
    expect(await all(ondelete.attemptLog({ table: "jobs", key: { tenant: "2", id: "7" } }))).toEqual([]);
    expect(await all(ondelete.attemptLog({ key: ["2", "8"] }))).toEqual([]);
  });

  test("a log lies behind a relation of the configuration too", async () => {
    const { db } = await prepared();
    await db.exec("create table notes (id integer primary key, run varchar(20), said varchar(20))");
    await db.exec("insert into notes values (1, 'r-1', 'b'), (2, 'r-1', 'a'), (3, 'r-2', 'c')");
    const relation = { child: "notes", columns: ["run"], parent: "runs", parentColumns: ["id"] };
    const noted = await open(db.handle, {
      relations: [{ ...relation, onDelete: "cascade" }],
      tables: { runs: { attempts: { ...RUNS, logs: { table: "notes", order: "id" } } } },
    });
    expect(await all(noted.attemptLog({ key: ["r-1"] }))).toEqual([
      { id: "1", said: "b" },
      { id: "2", said: "a" },
    ]);
  });

  test("a retry makes a new attempt and keeps the failed one with its log", async () => {
    const { db } = await prepared();
    const retried = await open(db.handle, {
      tables: {
        runs: {
          attempts: {
            ...RUNS,
            retry: async ({ key, status, errors }) => {
              const made = `${key.id}-again`;
              await db.exec(
                `insert into runs values ('${made}', 1, 5, 'pending', '${status} ${errors.error}', '2026-01-05 10:00:00')`,
              );
              return made;
            },
          },
        },
      },
    });
    const { attempt, created } = await retried.retry({ key: ["r-4"] });
    expect([attempt.key, created]).toEqual([
      { id: "r-4" },
      { table: "runs", key: { id: "r-4-again" }, status: "pending" },
    ]);
    expect(await db.rows("select status, error from runs where id like 'r-4%' order by id")).toEqual([
      { status: "failed", error: "no key" },
      { status: "pending", error: "failed no key" },
    ]);
    expect(await db.rows("select line from run_logs where run_id = 'r-4'")).toEqual([{ line: "of another" }]);
    await expect(retried.retry({ key: ["r-4-again"] })).rejects.toMatchObject({ code: "not-found" });
  });

  test("a hook that refuses, or makes nothing, is told of", async () => {
    const { db } = await prepared();
    const withHook = (retry: () => string) =>
      open(db.handle, { tables: { runs: { attempts: { ...RUNS, retry } } } });
    const throwing = await withHook(() => {
      throw new Error("the queue is closed");
    });
    await expect(throwing.retry({ key: ["r-1"] })).rejects.toThrow(
      "The retry was refused: the queue is closed",
    );
    await expect((await withHook(() => "r-1")).retry({ key: ["r-1"] })).rejects.toThrow(
      "made no new row: r-1 is the attempt that failed.",
    );
    await expect((await withHook(() => "r-9")).retry({ key: ["r-1"] })).rejects.toThrow(
      "made no new row: r-9 is not there.",
    );
  });

  test("an attempt is deleted through the planner, and not once it runs again", async () => {
    const { db, ondelete } = await prepared();
    const { target } = await ondelete.attempt({ key: ["r-1"] });
    const other = await ondelete.attempt({ key: ["r-4"] });
    const outcome = await ondelete.delete(target);
    expect(outcome.deleted).toEqual({ run_logs: 2, runs: 1 });
    await ondelete.restore(outcome.operation ?? "");
    expect((await ondelete.attempts({ table: "runs" })).failed).toEqual({ runs: 3 });
    await db.exec("update runs set status = 'pending' where id = 'r-4'");
    await expect(ondelete.attempt({ key: ["r-4"] })).rejects.toMatchObject({ code: "not-found" });
    await expect(ondelete.delete(other.target)).rejects.toMatchObject({ code: "not-found" });
    expect(await db.rows("select id from runs where id = 'r-4'")).toHaveLength(1);
  });

  test("a key that two tables have needs the table's name", async () => {
    const { db } = await prepared();
    await db.exec("create table builds (id varchar(20) primary key, status varchar(20), at integer)");
    await db.exec("insert into builds values ('r-1', 'failed', 1)");
    const both = await open(db.handle, {
      tables: {
        runs: { attempts: RUNS },
        builds: { attempts: { status: "status", failed: ["failed"], newest: "at" } },
      },
    });
    await expect(both.attempt({ key: ["r-1"] })).rejects.toMatchObject({
      code: "usage",
      message: "Several tables have a failed attempt r-1: builds, runs.",
    });
    expect((await both.attempt({ table: "builds", key: ["r-1"] })).at).toBe("1");
    await expect(all(both.attemptLog({ table: "builds", key: ["r-1"] }))).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(both.retry({ table: "builds", key: ["r-1"] })).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  test("without a policy, of a table without one, and for a malformed key it is said what to do", async () => {
    const { db, ondelete } = await prepared();
    const bare = await open(db.handle);
    await expect(bare.attempts()).rejects.toMatchObject({
      code: "usage",
      message: "The configuration says of no table which rows are attempts.",
    });
    await expect(ondelete.attempts({ table: "projects" })).rejects.toThrow(
      "The configuration does not say which rows of projects are attempts.",
    );
    await expect(ondelete.attempts({ table: "rnus" })).rejects.toMatchObject({ hint: "Did you mean runs?" });
    await expect(ondelete.attempt({ table: "jobs", key: ["1"] })).rejects.toMatchObject({ code: "bad-key" });
    await expect(ondelete.attempt({ key: ["r-3"] })).rejects.toMatchObject({ code: "not-found" });
  });

  test("what the configuration names and the database does not have is an error", async () => {
    const { db } = await prepared();
    const wrong = async (attempts: object) =>
      (await open(db.handle, { tables: { runs: { attempts: { ...RUNS, ...attempts } } } })).inspect();
    await expect(wrong({ status: "statsu" })).rejects.toThrow(
      'tables.runs.attempts.status: the table runs has no column "statsu". Did you mean "status"?',
    );
    await expect(wrong({ newest: "created" })).rejects.toThrow("tables.runs.attempts.newest");
    await expect(wrong({ errors: ["error", "details"] })).rejects.toThrow("tables.runs.attempts.errors[1]");
    await expect(wrong({ logs: { table: "run_lgos", order: "at" } })).rejects.toThrow(
      'the database has no table "run_lgos". Did you mean "run_logs"?',
    );
    await expect(wrong({ logs: { table: "run_logs", order: "when" } })).rejects.toThrow(
      "tables.runs.attempts.logs.order",
    );
    await expect(wrong({ logs: { table: "jobs", order: "id" } })).rejects.toThrow(
      "jobs does not reference runs by exactly one relation",
    );
    await expect(wrong({ logs: { file: "id" } })).rejects.toThrow(
      '"files" of runs does not say where the files of column "id" are.',
    );
    await expect(wrong({ log: {} })).rejects.toThrow('Did you mean "logs"?');
  });
});
