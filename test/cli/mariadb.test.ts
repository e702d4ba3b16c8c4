import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestDatabase, variants } from "../support/databases.ts";
import { openSession } from "../support/sessions.ts";
import { runCli } from "./run-cli.ts";

const mariadb = variants.find((v) => v.engine === "mariadb");
const skip = mariadb?.skip ?? null;

describe.skipIf(skip !== null)("the command line on MariaDB", () => {
  let db: TestDatabase;
  let cwd = "";

  beforeEach(async () => {
    if (!mariadb) throw new Error("no variant");
    db = await mariadb.create();
    await db.exec(`create table p (id integer primary key);
      create table c (id integer primary key, p integer, foreign key (p) references p (id) on delete cascade);
      create table notes (id integer primary key) engine = MyISAM;
      insert into p values (1), (2); insert into c values (1, 1); insert into notes values (1);`);
    cwd = mkdtempSync(join(tmpdir(), "ondelete-cli-"));
  });
  afterEach(async () => {
    await db.drop();
    rmSync(cwd, { recursive: true, force: true });
  });

  const run = (url: string, ...words: string[]) => runCli(words, { cwd, env: { ONDELETE_URL: url } });
  const problem = (url: string, ...words: string[]) => {
    const { status, stdout, stderr } = run(url, ...words, "--json");
    expect(stdout).toBe("");
    return { status, ...JSON.parse(stderr) };
  };
  const withUrl = (change: (url: URL) => void): string => {
    const url = new URL(db.url);
    change(url);
    return url.href;
  };

  test("both schemes of an address are taken, and the engine is called by its name", () => {
    for (const scheme of ["mysql", "mariadb"]) {
      const { stdout, status } = run(db.url.replace(/^mysql/, scheme), "plan", "p", "1");
      expect(stdout).toMatch(/^Delete from p where id = 1 {2}MariaDB 1\d\.\d+\.\d+\nALLOWED/);
      expect(status).toBe(0);
    }
  });

  test("doctor tells where the journal is, and which tables have no transactions", () => {
    const before = run(db.url, "doctor");
    expect(before.stdout).toContain("the first delete on a connection of its own makes tables ondelete_*.");
    expect(before.stdout).toMatch(/^warning +storage +Tables without transactions: notes\.$/m);
    expect(run(db.url, "delete", "p", "1", "--yes").status).toBe(0);
    expect(run(db.url, "doctor").stdout).toContain("The journal is in tables ondelete_*.");
  });

  test("a row of a table without transactions is refused in words and ends with 2", () => {
    expect(problem(db.url, "delete", "notes", "1", "--yes")).toMatchObject({
      status: 2,
      code: "unsupported",
      hint: "Nothing was changed. Move the table to an engine that has them: alter table notes engine = InnoDB.",
    });
  });

  test("a lock that another session holds ends the delete with 4", async () => {
    if (!mariadb) throw new Error("no variant");
    writeFileSync(join(cwd, "ondelete.config.json"), '{ "limits": { "lockTimeoutMs": 1000 } }');
    const other = await openSession(db, mariadb);
    await other.run("begin");
    await other.run("select * from c where id = 1 for update");
    expect(problem(db.url, "delete", "p", "1", "--yes")).toMatchObject({ status: 4, code: "locked" });
    await other.run("rollback");
    expect(run(db.url, "delete", "p", "1", "--yes").status).toBe(0);
  });

  test("a key that is no value of its type ends with 2 and names the table", () => {
    const { status, code, message, hint } = problem(db.url, "plan", "p", "x1");
    expect([status, code, hint]).toEqual([2, "bad-key", "The key is (id)."]);
    expect(message).toBe(
      "The key given for p does not fit its columns: x1 is no value of column id, whose type is int(11).",
    );
  });

  test.for([
    ["a server that is not there", (url: URL) => Object.assign(url, { port: "1" }), 3, "unreachable"],
    [
      "a database that is not there",
      (url: URL) => Object.assign(url, { pathname: "/ondelete_no_such" }),
      3,
      "unreachable",
    ],
    ["no database", (url: URL) => Object.assign(url, { pathname: "/" }), 2, "usage"],
    [
      "a user that is not there",
      (url: URL) => Object.assign(url, { username: "ondelete_nobody", password: "x1secret" }),
      3,
      "unreachable",
    ],
  ] as const)("%s is told without a password", ([, change, exit, code]) => {
    const url = withUrl(change);
    expect(problem(url, "plan", "p", "1")).toMatchObject({ status: exit, code });
    const { stdout, stderr } = run(url, "plan", "p", "1");
    expect(stdout + stderr).not.toContain("x1secret");
  });
});
