import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Operation, open } from "../../src/index.ts";
import { dump } from "../support/rows.ts";
import { type CliStage, eachReachable } from "./each-reachable.ts";
import { bareEnv, start } from "./run-cli.ts";

const ROWS = 2_000;
const rows = (n: number, row: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => `(${row(i + 1)})`).join(", ");

const SCHEMA = [
  "create table p (id integer primary key)",
  "create table c (id integer primary key, p integer references p (id) on delete cascade)",
  "create table d (id integer primary key, c integer references c (id) on delete cascade)",
  "create index c_p on c (p)",
  "create index d_c on d (c)",
  "insert into p values (1), (2)",
  `insert into c values ${rows(ROWS / 10, (i) => `${i}, ${1 + (i % 2)}`)}`,
  `insert into d values ${rows(ROWS, (i) => `${i}, ${1 + (i % (ROWS / 10))}`)}`,
];
const GONE = { p: 1, c: ROWS / 20, d: ROWS / 2 };
const LEASE_SECONDS = 1;

const furnish = async ({ db, cwd }: CliStage): Promise<void> => {
  for (const statement of SCHEMA) await db.exec(statement);
  const limits = { leaseSeconds: LEASE_SECONDS, lockTimeoutMs: 1_000 };
  writeFileSync(join(cwd, "ondelete.config.json"), JSON.stringify({ limits }));
};

eachReachable(furnish, (stage) => {
  const run = (...words: string[]) => stage.run(...words, "--no-color", "--quiet");
  const begin = () =>
    spawn(process.execPath, [start, "delete", "p", "1", "--yes", "--batch", "1", "--json", "--quiet"], {
      cwd: stage.cwd,
      env: bareEnv({ ONDELETE_URL: stage.db.url }),
      stdio: ["ignore", "ignore", "pipe"],
    });
  const journal = stage.variant.engine === "postgres" ? "ondelete.operation" : "ondelete_operation";
  /** Waits until some rows are gone. */
  const underWay = async (child: ChildProcess): Promise<string> => {
    for (;;) {
      if (child.exitCode !== null) throw new Error("it ended before it was looked at");
      const [row] = await stage.db
        .rows(`select id from ${journal} where state = 'running' and batches > 20`)
        .catch(() => []);
      if (row?.id) return row.id;
      await setTimeout(5);
    }
  };
  const operation = (id: string): Operation => JSON.parse(run("status", id, "--json").stdout).operations[0];
  const leaseOver = async (id: string) => {
    while (!operation(id).lease?.over) await setTimeout(50);
  };

  test("one that was killed is said to be left, and goes on where it was", { timeout: 60_000 }, async () => {
    const before = await dump(stage.db, stage.variant);
    const child = begin();
    const id = await underWay(child);
    child.kill("SIGKILL");
    await once(child, "exit");
    await leaseOver(id);
    const left = run("status", id).stdout;
    expect(left).toMatch(/Operation \S+ {2}running/);
    expect(left).toContain("and not heard of since");
    expect(left).toContain(`To go on: ondelete resume ${id}`);
    const gone = Object.entries(operation(id).deleted);
    const now = await dump(stage.db, stage.variant);
    expect(gone).toEqual(
      Object.entries(before)
        .map(([table, all]) => [table, all.length - (now[table]?.length ?? 0)] as const)
        .filter(([, n]) => n > 0),
    );
    const resumed = run("resume", id, "--json");
    expect(JSON.parse(resumed.stdout)).toMatchObject({ state: "done", deleted: GONE });
    expect(resumed.status).toBe(0);
    expect(run("restore", id, "--yes").status).toBe(0);
    expect(await dump(stage.db, stage.variant)).toEqual(before);
  });

  test("one that has slept past its lease writes nothing any more", { timeout: 120_000 }, async () => {
    const child = begin();
    let stderr = "";
    child.stderr?.on("data", (data) => (stderr += data));
    const id = await underWay(child);
    child.kill("SIGSTOP");
    await leaseOver(id);
    // On SQLite it may sleep with the lock of the file in its hands, which nobody can take from it.
    for (let tries = 0; tries < 12 && run("resume", id).status !== 0; tries++) {
      expect(stage.variant.engine).toBe("sqlite");
      child.kill("SIGCONT");
      await setTimeout(3);
      child.kill("SIGSTOP");
      await leaseOver(id);
    }
    const after = await dump(stage.db, stage.variant);
    const ended = operation(id);
    expect(ended).toMatchObject({ state: "done", deleted: GONE });
    child.kill("SIGCONT");
    const [code] = await once(child, "exit");
    expect(code, stderr).not.toBe(0);
    expect(stderr).toContain('"kind": "problem"');
    expect(await dump(stage.db, stage.variant)).toEqual(after);
    expect(operation(id)).toEqual(ended);
  });

  test("one can be paused, resumed and cancelled from elsewhere", { timeout: 60_000 }, async () => {
    const child = begin();
    const id = await underWay(child);
    // Another command line would take longer to start than the work may take.
    const here = await open(stage.db.url);
    await here.pause(id);
    await here.close();
    expect(await once(child, "exit")).toEqual([4, null]);
    const again = run("pause", id);
    expect([again.status, again.stderr]).toEqual([
      1,
      expect.stringContaining("is paused: only one that is running"),
    ]);
    expect(run("status", id).stdout).toContain(`Operation ${id}  paused`);
    const cancelled = run("cancel", id);
    expect(cancelled.stdout).toContain(`Operation ${id}  cancelled`);
    expect(cancelled.stdout).toContain(`To undo it: ondelete restore ${id}`);
    const resumed = run("resume", id);
    expect([resumed.status, resumed.stderr]).toEqual([1, expect.stringContaining("is cancelled")]);
  });
});
