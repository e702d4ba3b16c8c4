import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestDatabase } from "../support/databases.ts";
import type { Attempt, CrashEngine, Job, Point } from "./crash-engine.ts";
import { interruptedHandle } from "./interrupted-handle.ts";
import { runJob } from "./run-job.ts";

const fileOf = (db: TestDatabase): string => db.url.replace(/^sqlite:/, "");

const CHILD = join(import.meta.dirname, "sqlite-child.ts");

/** In a process that kills itself at the statement. */
function killed(db: TestDatabase, job: Job, point: Point): Attempt {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [CHILD, fileOf(db), JSON.stringify(job), JSON.stringify(point)],
    { encoding: "utf8" },
  );
  const statements = point.n;
  if (signal === "SIGKILL")
    return { reached: stdout.split("\n").at(-2) ?? "", failure: "SIGKILL", statements };
  if (status !== 0) throw new Error(`the child ended with ${status}: ${stderr}`);
  return { reached: null, failure: null, statements };
}

/** On a handle that throws at the statement, in this process. */
async function thrown(db: TestDatabase, job: Job, point: Point): Promise<Attempt> {
  const handle = new DatabaseSync(fileOf(db));
  let reached: string | null = null;
  const interrupt = (statement: string) => {
    reached = statement;
    throw new Error("interrupted by the test");
  };
  try {
    const source = interruptedHandle(handle, point, interrupt);
    const failure = await runJob(source.handle, job).then(
      () => null,
      (error: unknown) => String(error),
    );
    // Where BEGIN worked and failed at once, or the cleanup itself failed, closing the handle is what is left to do.
    if (!/^(begin|rollback|pragma)/.test(reached ?? "")) expectClean(handle);
    return { reached, failure, statements: source.seen() };
  } finally {
    handle.close();
  }
}

function expectClean(handle: DatabaseSync): void {
  const [enforced] = handle.prepare("pragma foreign_keys").all();
  const temporary = handle.prepare("select name from temp.sqlite_schema").all();
  if (handle.isTransaction || enforced?.foreign_keys !== 1 || temporary.length > 0)
    throw new Error(
      `the handle is left in transaction ${handle.isTransaction}, foreign keys ${JSON.stringify(enforced)}, scratch ${JSON.stringify(temporary)}`,
    );
}

export const sqliteCrash: CrashEngine = {
  engine: "sqlite",
  ways: [
    { name: "an error before it", stride: 1 },
    { name: "an error after it", stride: 3 },
    { name: "a kill before it", stride: 40 },
    { name: "a kill after it", stride: 40 },
  ],
  settings: [
    { name: "write-ahead log", sql: ["pragma journal_mode = wal"] },
    { name: "rollback journal", sql: ["pragma journal_mode = delete"] },
  ],
  attempt: async (db, job, point) => (point.way.startsWith("a kill") ? killed : thrown)(db, job, point),
  leftBehind: async (db) => {
    const broken = await db.rows("pragma foreign_key_check");
    const [integrity] = await db.rows("pragma integrity_check");
    return [
      ...broken.map((row) => `a reference of ${row.table} to nothing`),
      ...(integrity?.integrity_check === "ok" ? [] : [`integrity: ${integrity?.integrity_check}`]),
    ];
  },
  isChanging: async (db) => {
    const probe = new DatabaseSync(fileOf(db), { timeout: 0 });
    try {
      probe.exec("begin immediate");
      probe.exec("rollback");
      return false;
    } catch {
      return true;
    } finally {
      probe.close();
    }
  },
  journal: (table) => `"ondelete_${table}"`,
  hasJournal: "select 1 as found from sqlite_schema where name = 'ondelete_operation'",
  dropJournal: ["operation", "archive_part", "archive_chunk", "work_chunk", "outbox"].map(
    (t) => `drop table if exists "ondelete_${t}"`,
  ),
};
