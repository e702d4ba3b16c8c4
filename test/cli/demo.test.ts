import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pc from "picocolors";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { allRows, compare } from "../../src/cli/demo/checksums.ts";
import { makeDatabase } from "../../src/cli/demo/make-database.ts";
import { rows } from "../../src/cli/demo/rows.ts";
import { type DemoDocument, runDemo } from "../../src/cli/demo/run-demo.ts";
import { introduction, teller } from "../../src/cli/demo/tell.ts";
import { type Database, open } from "../../src/index.ts";
import { running } from "../../src/std/running.ts";
import { bareEnv, runCli, start } from "./run-cli.ts";

let folder = "";
/** A database that nobody touches; what a test changes is a copy of it. */
const untouched = join(mkdtempSync(join(tmpdir(), "ondelete-cli-")), "untouched.sqlite");
beforeAll(() => makeDatabase(untouched));
afterAll(() => rmSync(dirname(untouched), { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ondelete-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function copied(): string {
  const file = join(folder, "copy.sqlite");
  copyFileSync(untouched, file);
  return file;
}

const env = (more: Readonly<Record<string, string>> = {}) => ({
  TMPDIR: folder,
  npm_lifecycle_event: "demo",
  ...more,
});
const demo = (...words: string[]) => runCli(["demo", ...words], { cwd: folder, env: env() });

/** The only database in the folder. */
function madeFile(): string {
  const [made = "", ...more] = readdirSync(folder).filter((name) => name.startsWith("ondelete-demo-"));
  expect(more).toEqual([]);
  return join(folder, made, "pipeline.sqlite");
}

const PLAN_TREE = `Deletes                         rows   reached by
projects                           1
├─ analysis_runs                  17   project_id
│  └─ analysis_activity_logs     613   analysis_run_id
├─ build_runs                    306   project_id
├─ config_sets                    11   project_id
│  ├─ config_activity_logs       200   config_set_id
│  ├─ config_files                56   config_set_id
│  └─ config_optimizations        40   config_set_id
└─ deployments                   136   project_id
total                          1,380
`;

const AFTER_DELETE = [
  "users                        12         0       12",
  "projects                     40         1       39",
  "analysis_runs               602        17      585",
  "analysis_activity_logs   23,973       613   23,360",
  "config_sets                 379        11      368",
  "config_activity_logs      7,287       200    7,087",
  "config_files              2,082        56    2,026",
  "config_optimizations      1,538        40    1,498",
  "build_runs               10,836       306   10,530",
  "deployments               4,816       136    4,680",
  "total                    51,565     1,380   50,185",
];

test("in less than 30 s and on two screens it shows the plan as a tree, deletes, proves that nothing else changed, restores, and all is identical", async () => {
  const { stdout, stderr, status } = demo();
  expect(stdout).toContain(PLAN_TREE);
  for (const line of AFTER_DELETE) expect(stdout).toContain(`\n${line}`);
  expect(stdout).toContain("1,380 rows deleted in ");
  expect(stdout).toContain("✓ Hand-written SQL, one query a table, counts the same rows.");
  expect(stdout).toContain("✓ Nothing else changed.");
  expect(stdout).toContain("1,380 rows put back from the archive.");
  expect(stdout).toContain("✓ Every row is identical.");
  expect(stdout.match(/ {3}same$/gm)).toHaveLength(20);
  expect(stdout).not.toContain("DIFFERENT");
  expect(stdout).not.toContain("\u001b");
  expect(stdout.split("\n").length).toBeLessThan(90);
  expect(Number(/All of it took ([\d.]+) s\./.exec(stdout)?.[1])).toBeLessThan(30);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(differences(madeFile(), untouched)).toEqual([]);
});

/** Tables in which a row of either database is not in the other, as SQLite itself sees it. */
function differences(left: string, right: string): readonly string[] {
  const database = new DatabaseSync(left);
  database.exec(`attach '${right}' as other`);
  const tables = database.prepare("select name from other.sqlite_schema where type = 'table'").all();
  expect(tables).toHaveLength(10);
  const only = (a: string, b: string) =>
    database.prepare(`select count(*) as n from (select * from ${a} except select * from ${b})`).get()?.n;
  const found = tables
    .map(({ name }) => String(name))
    .filter(
      (name) => only(`main.${name}`, `other.${name}`) !== 0 || only(`other.${name}`, `main.${name}`) !== 0,
    );
  database.close();
  return found;
}

test("the commands that it proposes do what it says", () => {
  const { stdout } = demo();
  const url = `sqlite:${madeFile()}`;
  expect(stdout).toContain(`export ONDELETE_URL=${url}\n`);
  const proposed = [...stdout.matchAll(/^npm run --silent ondelete -- (.*)$/gm)].map(([, words = ""]) =>
    wordsOf(words),
  );
  const runs = proposed.map((words) => runCli(words, { cwd: folder, env: env({ ONDELETE_URL: url }) }));
  expect(proposed.map(([verb, table]) => `${verb} ${table}`)).toEqual([
    "plan users",
    "plan projects",
    "plan analysis_runs",
    "delete projects",
  ]);
  expect(runs.map((run) => run.status)).toEqual([1, 0, 0, 2]);
  expect(runs[0]?.stdout).toContain("BLOCKED  3 rows stand in the way of deleting 1 row of 1 table.");
  expect(runs[0]?.stdout).toContain("projects(user_id) -> users(id)  restrict");
  expect(runs[1]?.stdout).toContain("is reached in 1 way:");
  expect(runs[2]?.stdout).toContain("ALLOWED  deletes ");
  expect(runs[3]?.stderr).toContain("confirmation-required");

  const [, again = ""] = /^To do it: ondelete (.*)$/m.exec(stdout) ?? [];
  const done = runCli([...wordsOf(again), "--yes"], { cwd: folder, env: env() });
  expect(done.stdout).toContain("DONE  1,380 rows deleted");
});

const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");

test("--json prints one document and nothing else", () => {
  const { stdout, stderr, status } = demo("--json");
  const document: DemoDocument = JSON.parse(stdout);
  expect(document).toMatchObject({
    ondelete: "1",
    kind: "demo",
    engine: { name: "sqlite" },
    file: madeFile(),
    proven: true,
    plan: { kind: "plan", verdict: "allowed", totals: { tables: 9, deleted: 1380 } },
    outcome: { kind: "outcome", state: "done" },
    restore: { kind: "restore-plan", state: "done" },
  });
  expect(document.checks.afterRestore).toHaveLength(10);
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

test("npm run demo runs it, on the Node that npm ci installs", () => {
  const root = join(import.meta.dirname, "../..");
  const { stdout, stderr, status } = spawnSync("npm", ["run", "--silent", "demo"], {
    cwd: root,
    env: bareEnv(env()),
    encoding: "utf8",
  });
  expect(stdout).toContain("✓ Every row is identical.");
  expect(stdout).toContain("\nnpm run --silent ondelete -- plan users user-09\n");
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
});

describe("the database", () => {
  test("holds some 50,000 rows, the same for the same seed and others for another", () => {
    const [one, again, other] = [11, 11, 12].map((seed) => JSON.stringify([...rows(seed)]));
    expect([...rows(11)]).toHaveLength(51_565);
    expect(one === again).toBe(true);
    expect(one === other).toBe(false);
  });

  test("has its constraints on, cascades below projects, and keeps users who own projects", async () => {
    const database = new DatabaseSync(copied());
    const keys = database
      .prepare(
        'select t.name as child, f."from" as "column", f."table" as parent, f.on_delete as action from sqlite_schema t, pragma_foreign_key_list(t.name) f where t.type = \'table\' order by t.name',
      )
      .all()
      .map((key) => Object.values(key).join(" "));
    expect(keys).toEqual([
      "analysis_activity_logs analysis_run_id analysis_runs CASCADE",
      "analysis_runs project_id projects CASCADE",
      "build_runs project_id projects CASCADE",
      "config_activity_logs config_set_id config_sets CASCADE",
      "config_files config_set_id config_sets CASCADE",
      "config_optimizations config_set_id config_sets CASCADE",
      "config_sets project_id projects CASCADE",
      "deployments project_id projects CASCADE",
      "projects user_id users RESTRICT",
    ]);
    expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
    const [first] = database.prepare("select id from projects").all();
    expect(() =>
      database.prepare("update analysis_runs set status = 'done' where project_id = ?").run(first?.id ?? ""),
    ).toThrow("CHECK");
    expect(() => database.exec("delete from users where id = 'user-09'")).toThrow("FOREIGN KEY");
    expect(database.prepare("delete from users where id = 'user-12'").run().changes).toBe(1);
    database.close();
  });

  test("has an index or a unique key that begins with each referencing column", async () => {
    const database = new DatabaseSync(copied());
    const unindexed = database
      .prepare(
        `select t.name, f."from" as "column" from sqlite_schema t, pragma_foreign_key_list(t.name) f
         where t.type = 'table' and not exists (
           select 1 from pragma_index_list(t.name) l, pragma_index_info(l.name) i where i.seqno = 0 and i.name = f."from")`,
      )
      .all();
    expect(unindexed).toEqual([]);
    database.close();
  });

  test("has every status that an attempt can have, and a message where it failed", async () => {
    const database = new DatabaseSync(copied());
    for (const table of ["analysis_runs", "config_sets"]) {
      const found = database.prepare(`select distinct status from ${table} order by status`).all();
      expect(found.map((row) => row.status)).toEqual([
        "analyzing",
        "cancelled",
        "complete",
        "failed",
        "pending",
      ]);
      const silent = `select count(*) as n from ${table} where (status = 'failed') <> (error_message is not null)`;
      expect(database.prepare(silent).get()?.n).toBe(0);
    }
    const types = database.prepare("select distinct file_type from config_files order by file_type").all();
    expect(types.map((row) => row.file_type).join(" ")).toBe("dockerfile env json nginx shell toml yaml");
    database.close();
  });
});

describe("a difference is found, shown, and ends with 1", () => {
  const USER = "update users set email = 'other@example.com' where id = 'user-03'";

  test("another program writes to the file meanwhile", async () => {
    const child = spawn(process.execPath, [start, "demo"], { cwd: folder, env: bareEnv(env()) });
    let [stdout, stderr] = ["", ""];
    const ended = new Promise((done) => child.on("close", done));
    const begun = new Promise<void>((done) => {
      child.stdout.on("data", (data) => {
        stdout += data;
        if (stdout.includes("1. A database to try it on")) done();
      });
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    await begun;
    await whileStopped(child, () => meddle(madeFile(), USER));
    const exit = await ended;
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^users .* DIFFERENT$/m);
    expect(stdout).toContain("✗ Different: users.");
    expect(stdout).toContain("There is a difference.");
    expect(stdout).not.toContain("✓ Every row is identical.");
    expect(exit).toBe(1);
  });

  test("a delete that changes another row", async () => {
    const { document, text } = await told((db, file) => ({
      ...db,
      delete: (...words) =>
        running(async () => {
          const outcome = await db.delete(...words);
          meddle(file, USER);
          return outcome;
        }),
    }));
    expect(document.proven).toBe(false);
    expect(different(document)).toEqual({ planned: [], afterDelete: ["users"], afterRestore: ["users"] });
    expect(text).toContain("✗ Different: users.");
  });

  test("a delete that leaves a row", async () => {
    const { document, text } = await told((db) => ({
      ...db,
      delete: () =>
        db.delete({
          table: "analysis_runs",
          select: { kind: "columns", values: { project_id: "checkout-api" } },
        }),
    }));
    expect(document.proven).toBe(false);
    expect(different(document).afterDelete).toEqual([
      "projects",
      "config_sets",
      "config_activity_logs",
      "config_files",
      "config_optimizations",
      "build_runs",
      "deployments",
    ]);
    expect(different(document).afterRestore).toEqual([]);
    expect(text).toContain("✗ Different: projects, config_sets, ");
  });

  test("a plan that counts too few rows", async () => {
    const { document, text } = await told((db) => ({
      ...db,
      plan: async (...words) => {
        const plan = await db.plan(...words);
        return { ...plan, deletes: plan.deletes.filter(({ table }) => table !== "config_files") };
      },
      // Of the plan itself ondelete would say that it changed.
      delete: () => db.delete({ table: "projects", select: { kind: "key", values: ["checkout-api"] } }),
    }));
    expect(document.proven).toBe(false);
    expect(different(document)).toEqual({ planned: ["config_files"], afterDelete: [], afterRestore: [] });
    expect(text).toContain("✗ Hand-written SQL counts other rows. config_files: 0 planned, 56 counted.");
  });

  test("a restore that brings a row back with another value", async () => {
    const { document, text } = await told((db, file) => ({
      ...db,
      restore: (...words) =>
        running(async () => {
          const restored = await db.restore(...words);
          meddle(
            file,
            "update analysis_runs set progress = progress + 1e-9 where project_id = 'checkout-api' and progress < 99",
          );
          return restored;
        }),
    }));
    expect(document.proven).toBe(false);
    expect(different(document)).toEqual({ planned: [], afterDelete: [], afterRestore: ["analysis_runs"] });
    expect(text).toMatch(/^analysis_runs +602 +602 .* DIFFERENT$/m);
  });

  test("a delete that is refused", async () => {
    const { document, text } = await told((db, file) => {
      meddle(
        file,
        "create table licences (project_id text primary key references projects (id) on delete restrict); insert into licences values ('checkout-api')",
      );
      return db;
    });
    expect(document.proven).toBe(false);
    expect(document.outcome.state).toBe("blocked");
    expect(document.restore).toBe(null);
    expect(text).toContain("Nothing was deleted.");
  });
});

/** The story of a demonstration whose database is not quite what it should be. */
async function told(change: (db: Database, file: string) => Database) {
  const file = copied();
  const reader = new DatabaseSync(file, { readOnly: true });
  const db = await open(`sqlite:${file}`);
  const screen = { width: null, colors: pc.createColors(false) };
  const texts = [introduction(screen)];
  try {
    const document = await runDemo(
      { db: change(db, file), reader, file },
      teller((text) => texts.push(text), file, screen),
    );
    return { document, text: texts.join("\n") };
  } finally {
    reader.close();
    await db.close();
  }
}

/** The tables that a step's check found different. */
const different = ({ checks: { planned, afterDelete, afterRestore } }: DemoDocument) => {
  const tables = (checks: readonly { readonly table: string; readonly same: boolean }[]) =>
    checks.filter((check) => !check.same).map((check) => check.table);
  return {
    planned: tables(planned),
    afterDelete: tables(afterDelete),
    afterRestore: tables(afterRestore),
  };
};

function meddle(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}

/** Does something to the file while the child stands still and holds no lock on it. */
async function whileStopped(child: ChildProcess, work: () => void): Promise<void> {
  for (;;) {
    child.kill("SIGSTOP");
    await new Promise((next) => setTimeout(next, 20));
    try {
      return work();
    } catch (error) {
      if (!String(error).includes("locked")) throw error;
    } finally {
      child.kill("SIGCONT");
    }
    await new Promise((next) => setTimeout(next, 5));
  }
}

describe("a checksum", () => {
  const sums = (script: string) => {
    const database = new DatabaseSync(":memory:");
    database.exec(`create table t (a); ${script}`);
    return allRows(database);
  };
  const same = (left: string, right: string) => compare(sums(left), sums(right)).map((check) => check.same);

  test.each([
    ["is the same in another order", "insert into t values (1), (2)", "insert into t values (2), (1)"],
    [
      "leaves ondelete's own tables out",
      "insert into t values (1)",
      "insert into t values (1); create table ondelete_archive (a)",
    ],
  ])("%s", (_title, left, right) => {
    expect(same(left, right)).toEqual([true]);
  });

  test.each([
    ["a value", "1", "2"],
    ["null from a text", "null", "'null'"],
    ["null from an empty text", "null", "''"],
    ["an integer from a real", "5", "5.0"],
    ["a number from a text", "5", "'5'"],
    ["a text from its bytes", "'ab'", "x'6162'"],
    ["large integers from one another", "9007199254740993", "9007199254740992"],
    ["reals from one another", "0.1", "0.10000000000000002"],
  ])("tells %s", (_title, left, right) => {
    expect(same(`insert into t values (${left})`, `insert into t values (${right})`)).toEqual([false]);
  });

  test("tells a row twice from the row once, and a table that is gone or new", () => {
    expect(same("insert into t values (1), (1)", "insert into t values (1)")).toEqual([false]);
    const [left, right] = [sums("create table u (a); insert into u values (1)"), sums("")];
    expect(compare(left, right).map(({ table, same }) => [table, same])).toEqual([
      ["t", true],
      ["u", false],
    ]);
    expect(compare(right, left).map(({ table, same }) => [table, same])).toEqual([
      ["t", true],
      ["u", false],
    ]);
  });
});
