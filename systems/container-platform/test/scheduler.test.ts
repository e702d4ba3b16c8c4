import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { connect } from "../database.ts";
import { fill, sampleRows } from "../sample-data.ts";
import { type Job, jobsOf, runOnce, schedule } from "../scheduler.ts";
import { settingsOf } from "../settings.ts";
import { start } from "./processes.ts";
import { type Line, readLog } from "./service.ts";
import { eachEngine, eachServer, type Stage } from "./stage.ts";

const DAY = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY);
const settings = settingsOf({});

const jobsOn = ({ platform, handle }: Stage) => jobsOf(platform, handle, settings);

/** What a run of the retention deleted and held back, by policy, where it did. */
function told({ policies }: Line): Record<string, object> {
  const all = policies as { policy: string; deleted: Record<string, number>; held: number }[];
  return Object.fromEntries(
    all
      .filter(({ deleted, held }) => held > 0 || Object.keys(deleted).length > 0)
      .map(({ policy, deleted, held }) => [policy, { ...deleted, held }]),
  );
}

async function someRows({ platform }: Stage): Promise<void> {
  const { unscoped } = platform;
  await unscoped
    .insertInto("projects")
    .values([
      { pid: "live", gid: "administrators", project_name: "live" },
      { pid: "old", gid: "administrators", project_name: "old", deleted_at: ago(31) },
      { pid: "held", gid: "administrators", project_name: "held", deleted_at: ago(31) },
    ])
    .execute();
  const form = { user_id: "admin", title: "t" };
  await unscoped
    .insertInto("forms")
    .values([
      { ...form, id: "live", project_id: "live" },
      { ...form, id: "new", project_id: "live", deleted_at: ago(29) },
      { ...form, id: "old", project_id: "live", deleted_at: ago(31) },
      { ...form, id: "live-below", project_id: "held" },
    ])
    .execute();
  const message = { user_id: "admin", content: "c" };
  await unscoped
    .insertInto("form_messages")
    .values([
      { ...message, id: "new", form_id: "new", deleted_at: ago(29) },
      { ...message, id: "old", form_id: "old", deleted_at: ago(31) },
    ])
    .execute();
  const log = { actor_name: "admin (admin)", action: "create" as const, resource_type: "form" };
  await unscoped
    .insertInto("audit_logs")
    .values([
      { ...log, resource_id: "new", created_at: ago(89) },
      { ...log, resource_id: "old", created_at: ago(91) },
    ])
    .execute();
}

eachEngine((stage) => {
  test("soft-deleted rows go after 30 days and audit logs after 90; a live row keeps its soft-deleted parent, and that is said", async () => {
    const own = await stage();
    await someRows(own);
    const [retention] = jobsOn(own);
    const { log, lines } = readLog();
    expect(await runOnce(retention, log)).toBe(true);
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatchObject({ level: 30, msg: "retention done", job: "retention" });
    expect(told(lines[0] ?? {})).toEqual({
      forms: { forms: 1, form_messages: 1, held: 0 },
      projects: { projects: 1, held: 1 },
      audit_logs: { audit_logs: 1, held: 0 },
    });
    expect(JSON.stringify(lines[0])).toContain("forms");
    const left = async (table: "projects" | "forms" | "form_messages" | "audit_logs", key: string) =>
      (await own.db.rows(`select ${key} as id from ${table} order by 1`)).map(({ id }) => id);
    expect(await left("projects", "pid")).toEqual(["held", "live"]);
    expect(await left("forms", "id")).toEqual(["live", "live-below", "new"]);
    expect(await left("form_messages", "id")).toEqual(["new"]);
    expect(await left("audit_logs", "resource_id")).toEqual(["new"]);
  });

  test("health is logged with the database and the pool; where the database does not answer it failed", async () => {
    const own = await stage();
    const [, health] = jobsOn(own);
    const { log, lines } = readLog();
    expect(await runOnce(health, log)).toBe(true);
    expect(lines[0]).toMatchObject({
      level: 30,
      msg: "health done",
      database: "answers",
      pool: { waiting: 0 },
    });
    await own.db.exec("alter table users rename to hidden");
    expect(await runOnce(health, log)).toBe(false);
    expect(lines[1]).toMatchObject({
      level: 50,
      msg: "health failed",
      err: { message: expect.stringMatching(/^The database does not answer\. The pool: \{"open":\d+,/) },
    });
  });

  test("a run that failed is logged, and the next one goes on", async () => {
    const own = await stage();
    await own.db.exec("alter table users rename to hidden");
    const [, health] = jobsOn(own);
    const { log, lines } = readLog();
    const { stop } = schedule([{ ...health, everyMs: 10 }], log);
    const messages = () => lines.map(({ msg }) => msg);
    await expect.poll(messages, { timeout: 30_000 }).toContain("health failed");
    await own.db.exec("alter table hidden rename to users");
    await expect.poll(messages, { timeout: 30_000 }).toContain("health done");
    await stop();
  });
});

/** What each table has, by the first two columns. */
const keys = (all: object): object =>
  Object.fromEntries(
    Object.entries(all as Record<string, object[]>).map(([table, rows]) => [
      table,
      rows.map((row) => Object.values(row).slice(0, 2).join(" ")),
    ]),
  );

/** A job that runs until it is let go. */
function gated(everyMs: number) {
  let runs = 0;
  let together = 0;
  let most = 0;
  let gate = Promise.withResolvers<void>();
  const job: Job = {
    name: "gated",
    everyMs,
    run: async () => {
      runs++;
      together++;
      most = Math.max(most, together);
      await gate.promise;
      together--;
      return {};
    },
  };
  return {
    job,
    runs: () => runs,
    most: () => most,
    letGo: () => gate.resolve(),
    hold: () => {
      gate = Promise.withResolvers();
    },
  };
}

test("runs of a job never overlap, however short the time between them", async () => {
  const { job, runs, most, letGo } = gated(1);
  const { log } = readLog();
  const { stop } = schedule([job], log);
  await wait(50);
  expect(runs()).toBe(1);
  letGo();
  await expect.poll(runs).toBeGreaterThan(10);
  await stop();
  expect(most()).toBe(1);
});

test("a job that takes long does not keep another from running", async () => {
  const long = gated(1);
  const short = gated(1);
  short.letGo();
  const { log } = readLog();
  const { stop } = schedule([long.job, short.job], log);
  await expect.poll(short.runs).toBeGreaterThan(10);
  expect(long.runs()).toBe(1);
  long.letGo();
  await stop();
});

test("a stop ends what waits for its time at once, waits for what runs, and begins nothing more", async () => {
  const { job, runs, letGo } = gated(3_600_000);
  const { log, lines } = readLog();
  const { stop } = schedule([job, { name: "idle", everyMs: 3_600_000, run: async () => ({}) }], log);
  await expect.poll(() => lines.map(({ msg }) => msg)).toEqual(["idle done"]);
  const stopped = stop().then(() => "stopped");
  expect(await Promise.race([stopped, wait(50, "runs")])).toBe("runs");
  letGo();
  expect(await stopped).toBe("stopped");
  expect(runs()).toBe(1);
  expect(lines.map(({ msg }) => msg)).toEqual(["idle done", "gated done"]);
});

test("a run that a stop ended is no failure", async () => {
  const { log, lines } = readLog();
  const { stop } = schedule(
    [{ name: "long", everyMs: 1, run: (signal) => wait(3_600_000, {}, { signal }) }],
    log,
  );
  await stop();
  expect(lines).toMatchObject([{ level: 30, msg: "long stopped" }]);
});

eachServer((stage) => {
  test("two schedulers at once delete what one alone would, and neither fails", async () => {
    const rows = sampleRows(300, 7, new Date());
    const alone = await stage();
    await fill(alone.platform, rows);
    const { log, lines } = readLog();
    await runOnce(jobsOn(alone)[0], log);
    const wanted = keys(await alone.everything());
    const sum = (lines: readonly Line[]) => {
      const total: Record<string, number> = {};
      for (const { policies } of lines)
        for (const { deleted } of policies as { deleted: Record<string, number> }[])
          for (const [table, n] of Object.entries(deleted)) total[table] = (total[table] ?? 0) + n;
      return total;
    };
    const expected = sum(lines);
    expect(expected.audit_logs).toBeGreaterThan(1000);

    const own = await stage();
    await fill(own.platform, rows);
    const other = await connect(own.handle);
    const both = readLog();
    const went = await Promise.all([
      runOnce(jobsOn(own)[0], both.log),
      runOnce(jobsOf(other, own.handle, settings)[0], both.log),
    ]);
    expect([went, both.lines.map(({ err }) => err)]).toEqual([
      [true, true],
      [undefined, undefined],
    ]);
    expect(keys(await own.everything())).toEqual(wanted);
    expect(sum(both.lines)).toEqual(expected);
  });

  test("as a process: --once does both once and ends with 0", async () => {
    const own = await stage();
    await someRows(own);
    const scheduler = start("scheduler", { PLATFORM_DATABASE: own.db.url }, ["--once"]);
    expect(await scheduler.ended()).toEqual({ code: 0, errors: "" });
    expect(scheduler.lines.map(({ msg }) => msg)).toEqual(["retention done", "health done"]);
    expect(await own.db.rows("select id from forms where id = 'old'")).toEqual([]);
  });

  test("as a process: --once ends with 1 where health failed", async () => {
    const own = await stage();
    await own.db.exec("alter table users rename to hidden");
    const scheduler = start("scheduler", { PLATFORM_DATABASE: own.db.url }, ["--once"]);
    expect(await scheduler.ended()).toEqual({ code: 1, errors: "" });
    expect(scheduler.lines.map(({ msg }) => msg)).toEqual(["retention done", "health failed"]);
  });

  test("as a process: it runs until SIGTERM, and ends with 0", async () => {
    const own = await stage();
    const env = { PLATFORM_DATABASE: own.db.url, PLATFORM_HEALTH_EVERY_SECONDS: "1" };
    const scheduler = start("scheduler", env);
    await scheduler.logged("retention done");
    await expect
      .poll(() => scheduler.lines.filter(({ msg }) => msg === "health done").length, { timeout: 30_000 })
      .toBe(2);
    scheduler.process.kill("SIGTERM");
    expect(await scheduler.ended()).toEqual({ code: 0, errors: "" });
    expect(scheduler.lines.at(-1)).toMatchObject({ msg: "the scheduler stops", signal: "SIGTERM" });
  });
});

test("as a process: where there are no tables, it says so and ends with 1; once they are made, it runs", async () => {
  const folder = mkdtempSync(join(tmpdir(), "platform-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = { PLATFORM_DATABASE: `pglite:${folder}` };
  const early = start("scheduler", env, ["--once"]);
  expect((await early.ended()).code).toBe(1);
  expect(early.lines).toMatchObject([{ level: 60, msg: "the scheduler failed" }]);
  expect(await start("create", env).ended()).toEqual({ code: 0, errors: "" });
  const late = start("scheduler", env, ["--once"]);
  expect(await late.ended()).toEqual({ code: 0, errors: "" });
});
