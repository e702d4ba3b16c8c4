import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestDatabase, variants } from "../support/databases.ts";
import { bareEnv, runCli, start } from "./run-cli.ts";

const [sqlite] = variants.filter((variant) => variant.name === "sqlite");
const [postgres] = variants.filter((variant) => variant.name === "postgres");
if (!sqlite || !postgres) throw new Error("these tests need the variants sqlite and postgres");

const SHOP = `
create table customers (id integer primary key);
create table orders (id integer primary key, customer_id integer not null references customers (id) on delete cascade);
create index on_customer on orders (customer_id);
insert into customers values (1), (2);
insert into orders values (10, 1), (11, 1);
`;

let db: TestDatabase;
let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "ondelete-terminal-"));
});
afterEach(async () => {
  await db?.drop();
  rmSync(cwd, { recursive: true, force: true });
});

const customers = async () => (await db.rows("select id from customers order by id")).map((row) => row.id);

/** Runs a command line in a terminal of util-linux' `script`, and types once a question is there. */
function inTerminal(
  words: readonly string[],
  keys: string,
): Promise<{ readonly text: string; readonly exit: number | null }> {
  const command = `stty cols 100; ${[process.execPath, start, ...words].join(" ")}`;
  const env = bareEnv({ TERM: "xterm", ONDELETE_URL: db.url });
  const child = spawn("script", ["-qefc", command, "/dev/null"], { cwd, env });
  let text = "";
  let typed = false;
  child.stdout.on("data", (data) => {
    text += data;
    if (typed || !/to go on|Restore \d+ row/.test(text)) return;
    typed = true;
    setTimeout(() => child.stdin.write(keys), 200);
  });
  return new Promise((done, fail) => {
    child.on("error", fail).on("close", (exit) => done({ text, exit }));
  });
}

describe("in a terminal", () => {
  beforeEach(async () => {
    db = await sqlite.create();
    await db.exec(SHOP);
  });

  test("delete shows its plan, asks for the table and the rows, and does it", async () => {
    const { text, exit } = await inTerminal(["delete", "customers", "1"], "customers 3\r");
    expect(text).toContain("deletes 3 rows of 2 tables");
    expect(text).toContain('Type "customers 3" to go on');
    expect(text).toContain("To undo it:");
    expect(exit).toBe(0);
    expect(await customers()).toEqual(["2"]);
  });

  test("another answer deletes nothing and ends with 2", async () => {
    const { text, exit } = await inTerminal(["delete", "customers", "1"], "customers 4\r");
    expect(text).toContain("Not confirmed; nothing was done.");
    expect(exit).toBe(2);
    expect(await customers()).toEqual(["1", "2"]);
  });

  test("a protected environment wants the name of the database", async () => {
    writeFileSync(join(cwd, "ondelete.config.json"), '{ "protected": true }');
    const wrong = await inTerminal(["delete", "customers", "1"], "customers 3\r");
    expect(wrong.text).toContain('Type "test.sqlite" to go on');
    expect(wrong.exit).toBe(2);
    const right = await inTerminal(["delete", "customers", "1"], "test.sqlite\r");
    expect(right.exit).toBe(0);
    expect(await customers()).toEqual(["2"]);
  });

  test("--json asks nothing, also in a terminal", async () => {
    const { text, exit } = await inTerminal(["delete", "customers", "1", "--json"], "");
    expect(text).toContain('"code": "confirmation-required"');
    expect(exit).toBe(2);
    expect(await customers()).toEqual(["1", "2"]);
  });

  test("there are colours, unless --no-color or NO_COLOR says otherwise, and none in a pipe", async () => {
    const colour = "\u001b[";
    expect((await inTerminal(["plan", "customers", "1"], "")).text).toContain(colour);
    expect((await inTerminal(["plan", "customers", "1", "--no-color"], "")).text).not.toContain(colour);
    expect(runCli(["plan", "customers", "1"], { cwd, env: { ONDELETE_URL: db.url } }).stdout).not.toContain(
      colour,
    );
  });

  test("names from the database cannot steer the terminal", async () => {
    await db.exec('create table "x\u001b[2J" (id integer primary key); insert into "x\u001b[2J" values (1);');
    const { stdout } = runCli(["inspect"], { cwd, env: { ONDELETE_URL: db.url } });
    expect(stdout).toContain("x\\u001b[2J");
    expect(stdout).not.toContain("\u001b");
  });
});

test("a password is never printed, whether for people or for programs", async () => {
  const url = "postgres://ann:s3cret@127.0.0.1:1/shop";
  for (const more of [[], ["--json"]]) {
    const { stdout, stderr, status } = runCli(["plan", "customers", "1", "--url", url, ...more], { cwd });
    expect(stdout + stderr).not.toContain("s3cret");
    expect(stderr).toContain("unreachable");
    expect(stdout).toBe("");
    expect(status).toBe(3);
  }
});

describe.skipIf(postgres.skip !== null)("Ctrl-C on PostgreSQL", () => {
  beforeEach(async () => {
    db = await postgres.create();
    await db.exec(SHOP);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s while a delete waits for a lock rolls it back and ends with 4",
    async (signal) => {
      const { handle } = db as { handle: import("pg").Pool };
      const other = await handle.connect();
      await other.query("begin");
      await other.query("select * from customers where id = 1 for update");
      writeFileSync(join(cwd, "ondelete.config.json"), '{ "limits": { "lockTimeoutMs": 60000 } }');
      const child = spawn(process.execPath, [start, "delete", "customers", "1", "--yes", "--json"], {
        cwd,
        env: bareEnv({ ONDELETE_URL: db.url }),
      });
      const ended = result(child);
      await until(async () => (await waiting()) === 1);
      child.kill(signal);
      const { stdout, stderr, exit } = await ended;
      await other.query("rollback");
      other.release();
      expect(JSON.parse(stderr)).toMatchObject({ kind: "problem", code: "interrupted" });
      expect(stdout).toBe("");
      expect(exit).toBe(4);
      expect(await customers()).toEqual(["1", "2"]);
      await until(async () => (await sessions()) === 0);
      expect(await sessions()).toBe(0);
    },
  );

  const OURS = "from pg_stat_activity where datname = current_database() and application_name = 'ondelete'";
  const waiting = async () =>
    Number((await db.rows(`select count(*) as n ${OURS} and wait_event_type = 'Lock'`))[0]?.n);
  const sessions = async () => Number((await db.rows(`select count(*) as n ${OURS}`))[0]?.n);
});

function result(
  child: ChildProcess,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly exit: number | null }> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.on("data", (data) => {
    stdout += data;
  });
  child.stderr?.on("data", (data) => {
    stderr += data;
  });
  return new Promise((done) => {
    child.on("close", (exit) => done({ stdout, stderr, exit }));
  });
}

/** Looks every 50 ms, for at most 20 s; the test's own expectations then say what is missing. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400 && !(await holds()); i++) await new Promise((next) => setTimeout(next, 50));
}
