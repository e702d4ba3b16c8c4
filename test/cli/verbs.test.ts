import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const SHOP = `
create table customers (id integer primary key, email text, deleted_at text);
create table orders (id integer primary key, customer_id integer not null references customers (id) on delete cascade);
create table "Order Lines" (order_id integer not null references orders (id) on delete cascade, line integer not null,
  primary key (order_id, line));
create table carts (id integer primary key, customer_id integer references customers (id) on delete set null);
create table invoices (id integer primary key, order_id integer references orders (id) on delete restrict);
create table notes (id integer primary key, customer_id integer);
create table audit_log (id integer primary key, what text);
insert into customers (id, email) values (1, 'ann@example.org'), (2, 'bob@example.org'), (3, 'cy@example.org');
insert into orders values (10, 1), (11, 1), (20, 2);
insert into "Order Lines" values (10, 1), (10, 2), (11, 1), (20, 1);
insert into carts values (5, 1), (6, 2);
insert into invoices values (7, 20);
`;

const furnish: Parameters<typeof eachReachable>[0] = ({ db }) => db.exec(SHOP);

eachReachable(furnish, (stage) => {
  const { run, variant } = stage;
  const json = (...words: string[]) => {
    const { stdout, stderr, status } = run(...words, "--json");
    return {
      status,
      document: stdout === "" ? null : JSON.parse(stdout),
      problem: stderr === "" ? null : JSON.parse(stderr),
    };
  };
  const ids = async (table: string) =>
    (await stage.db.rows(`select id from ${table} order by id`)).map((row) => row.id);

  test("a plan is one document, and nothing changes", async () => {
    const { status, document } = json("plan", "customers", "1");
    expect(document).toMatchObject({
      ondelete: "1",
      kind: "plan",
      verdict: "allowed",
      target: { table: "customers", rows: 1 },
      totals: { tables: 3, deleted: 6, updated: 1, blocking: 0 },
      complete: true,
    });
    expect(status).toBe(0);
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
  });

  test("a plan for people shows every table under the one that leads to it, and the command to carry it out", () => {
    const { stdout, status } = run("plan", "customers", "1");
    const { digest } = json("plan", "customers", "1").document;
    expect(stdout).toContain(`ALLOWED  deletes 6 rows of 3 tables, and updates 1 row elsewhere.`);
    expect(stdout).toContain(
      [
        "Deletes             rows   reached by",
        "customers              1",
        "└─ orders              2   customer_id",
        "   └─ Order Lines      3   order_id",
        "total                  6",
      ].join("\n"),
    );
    expect(stdout).toContain("carts.customer_id   set null      1   id=5");
    expect(stdout).toContain(`To do it: ondelete delete customers 1 --digest ${digest}\n`);
    expect(status).toBe(0);
  });

  test("a plan says what a bare DELETE would do where an order decides, why, and what would be safer", async () => {
    await stage.db.exec(`
      create table r (id integer primary key);
      create table x (id integer primary key, r integer, constraint x_r foreign key (r) references r (id) on delete cascade);
      create table a (id integer primary key, r integer, constraint a_r foreign key (r) references r (id) on delete cascade);
      create table b (id integer primary key, x integer, a integer,
        constraint b_x foreign key (x) references x (id) on delete cascade,
        constraint b_a foreign key (a) references a (id) on delete restrict);
      insert into r values (1); insert into x values (1, 1); insert into a values (1, 1); insert into b values (1, 1, 1)`);
    const { stdout } = run("plan", "r", "1");
    const [first, safer] = {
      sqlite: [
        "be refused now and after a dump and restore",
        "Make b(a) -> a(id) NO ACTION instead of RESTRICT",
      ],
      postgres: ["go through now, and after a dump and restore be refused", "DEFERRABLE INITIALLY DEFERRED"],
      pglite: ["", ""],
      mariadb: ["be refused now and after a dump and restore", "Name a(r) -> r(id) z_a_r instead of a_r"],
    }[variant.engine] as [string, string];
    expect(stdout).toContain(`A bare DELETE would ${first}`);
    expect(stdout).toMatch(/because {2}(a\(r\)|x\(r\)) -> r\(id\) .* compete when rows of r go/);
    expect(stdout).toContain(safer);
    expect(stdout).toContain("ondelete delete does what is planned");
  });

  test("a blocked plan says what stands in the way and ends with 1", () => {
    const { stdout, status } = run("plan", "customers", "2");
    expect(stdout).toContain("BLOCKED  1 row stands in the way of deleting 3 rows of 3 tables.");
    expect(stdout).toContain("\n  invoices(order_id) -> orders(id)  restrict  1 row\n    id=7\n");
    expect(stdout).not.toContain("To do it");
    expect(status).toBe(1);
  });

  test("a blocked delete is an outcome that says so, ends with 1 and changes nothing, with or without --yes", async () => {
    for (const more of [[], ["--yes"]]) {
      const { status, document } = json("delete", "customers", "2", ...more);
      expect(document).toMatchObject({ kind: "outcome", state: "blocked", operation: null, deleted: {} });
      expect(document.blockers).toMatchObject([
        { relation: "invoices(order_id) -> orders(id)", rows: 1, sample: [{ id: "7" }] },
      ]);
      expect(status).toBe(1);
    }
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
  });

  test("a delete that nobody confirmed does nothing and ends with 2", async () => {
    const plain = run("delete", "customers", "1");
    expect(plain.stdout).toContain("ALLOWED  deletes 6 rows of 3 tables");
    expect(plain.stderr).toContain("--yes");
    expect(plain.status).toBe(2);
    const { status, document, problem } = json("delete", "customers", "1");
    expect(document).toBeNull();
    expect(problem).toMatchObject({ kind: "problem", code: "confirmation-required", details: { rows: 6 } });
    expect(status).toBe(2);
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
  });

  test("delete, status and restore are the way there and back", async () => {
    const before = await stage.db.rows('select * from "Order Lines" order by order_id, line');
    const done = json("delete", "customers", "1", "--yes", "--reason", "asked to", "--actor", "support");
    const { operation } = done.document;
    expect(done.document).toMatchObject({
      kind: "outcome",
      state: "done",
      deleted: { customers: 1, orders: 2, "Order Lines": 3 },
      updated: { carts: 1 },
      archive: true,
      undo: `ondelete restore ${operation}`,
    });
    expect(done.status).toBe(0);
    expect(await ids("customers")).toEqual(["2", "3"]);

    const listed = json("status").document;
    expect(listed.operations).toMatchObject([
      { operation, state: "done", reason: "asked to", actor: "support" },
    ]);
    expect(run("status").stdout).toContain("customers 1 (asked to)");

    const asked = json("restore", operation);
    expect(asked.problem.code).toBe("confirmation-required");
    expect(asked.status).toBe(2);
    expect(await ids("customers")).toEqual(["2", "3"]);

    const back = json("restore", operation, "--yes");
    expect(back.document).toMatchObject({ kind: "restore-plan", operation, state: "done", conflicts: [] });
    expect(back.status).toBe(0);
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
    expect(await stage.db.rows('select * from "Order Lines" order by order_id, line')).toEqual(before);
    expect(await stage.db.rows("select customer_id from carts where id = 5")).toEqual([{ customer_id: "1" }]);
  });

  test("a restore that meets a conflict prints it, writes nothing and ends with 1", async () => {
    const { operation } = json("delete", "customers", "3", "--yes").document;
    await stage.db.exec("insert into customers (id, email) values (3, 'someone else')");
    for (const more of [[], ["--yes"]]) {
      const { status, document } = json("restore", operation, ...more);
      expect(document.conflicts).toMatchObject([
        { kind: "key-taken", table: "customers", rows: 1, sample: [{ id: "3" }] },
      ]);
      expect(status).toBe(1);
    }
    expect(run("restore", operation, "--yes").stdout).toContain("STOPPED");
    expect(await stage.db.rows("select email from customers where id = 3")).toEqual([
      { email: "someone else" },
    ]);
  });

  test("--no-archive leaves nothing to restore, and says so", () => {
    const { stdout, status } = run("delete", "customers", "1", "--yes", "--no-archive");
    expect(stdout).toContain("It cannot be undone: no archive was kept.");
    expect(status).toBe(0);
    const { operation } = json("status").document.operations[0];
    const { problem, status: refused } = json("restore", operation, "--yes");
    expect(problem.code).toBe("not-restorable");
    expect(refused).toBe(1);
  });

  test("--digest and --expect-rows stop a delete that is no longer the one that was looked at", async () => {
    const { digest } = json("plan", "customers", "1").document;
    await stage.db.exec("insert into orders values (12, 1)");
    for (const guard of [
      ["--digest", digest],
      ["--expect-rows", "6"],
    ]) {
      const { status, problem } = json("delete", "customers", "1", "--yes", ...guard);
      expect(problem.code).toBe("plan-changed");
      expect(status).toBe(5);
    }
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
    expect(json("delete", "customers", "1", "--yes", "--expect-rows", "7").status).toBe(0);
  });

  test("a plan file is carried out while it holds, and refused once it does not, unless --replan accepts that", async () => {
    expect(run("plan", "customers", "1", "--out", "plan.json", "--quiet").stderr).toBe("");
    await stage.db.exec("insert into orders values (12, 1)");
    const refused = json("delete", "--plan", "plan.json", "--yes");
    expect(refused.problem.code).toBe("plan-changed");
    expect(refused.status).toBe(5);
    const accepted = json("delete", "--plan", "plan.json", "--yes", "--replan");
    expect(accepted.document.deleted).toEqual({ customers: 1, orders: 3, "Order Lines": 3 });
    expect(accepted.status).toBe(0);
  });

  test("composite keys, conditions and keys without rows", () => {
    expect(json("plan", "Order Lines", "order_id=10", "line=2").document.totals.deleted).toBe(1);
    expect(json("plan", "Order Lines", "10", "2").document.totals.deleted).toBe(1);
    expect(json("plan", "customers", "--where", "id in (1, 3)").document.target.rows).toBe(2);
    expect(json("plan", "customers", "--where", "id > 99")).toMatchObject({
      status: 0,
      document: { target: { rows: 0 } },
    });
    expect(json("plan", "customers", "99")).toMatchObject({
      status: 1,
      document: null,
      problem: { code: "not-found" },
    });
    expect(json("plan", "custmers", "1")).toMatchObject({
      status: 2,
      problem: { code: "unknown-table", hint: "Did you mean customers?" },
    });
    expect(json("plan", "Order Lines", "10")).toMatchObject({ status: 2, problem: { code: "bad-key" } });
  });

  test("an incomplete plan says 'at least' and ends with 4", () => {
    const { stdout, status } = run("plan", "customers", "1", "--max-rows", "2");
    expect(stdout).toContain("INCOMPLETE  deletes at least ");
    expect(status).toBe(4);
    expect(json("plan", "customers", "1", "--max-rows", "2").document.complete).toBe(false);
  });

  test("--why shows the way to a row, also to one with a composite key", () => {
    const { document, status } = json("plan", "customers", "1", "--why", "Order Lines", "10", "2");
    expect(document).toMatchObject({
      kind: "paths",
      row: { table: "Order Lines", key: { order_id: "10", line: "2" } },
    });
    expect(document.paths).toHaveLength(1);
    expect(status).toBe(0);
    const text = run("plan", "customers", "1", "--why", "Order Lines", "order_id=10", "line=2").stdout;
    expect(text).toMatch(/customers id=1\n +orders id=10 .*\n +Order Lines \(order_id=10, line=2\)/);
    expect(run("plan", "customers", "1", "--why", "orders", "20").stdout).toContain(
      "orders id=20 is not reached by this delete.",
    );
  });

  test("--sql prints a script, and with --out writes it", () => {
    const { stdout } = run("plan", "customers", "1", "--sql");
    expect(stdout).toMatch(/delete .*customers/i);
    expect(json("plan", "customers", "1", "--sql").document).toMatchObject({
      kind: "script",
      sql: expect.stringMatching(/delete/i),
    });
    run("plan", "customers", "1", "--sql", "--out", "delete.sql");
    expect(readFileSync(join(stage.cwd, "delete.sql"), "utf8")).toMatch(/delete .*customers/i);
  });

  test("values of secret columns are shown nowhere", () => {
    const config = { tables: { invoices: { secret: ["id"] } } };
    writeFileSync(join(stage.cwd, "ondelete.config.json"), JSON.stringify(config));
    expect(run("plan", "customers", "2").stdout).toContain("1 row\n    id=***\n");
    expect(json("plan", "customers", "2").document.blockers[0].sample).toEqual([{ id: "***" }]);
    const outcome = json("delete", "customers", "2", "--yes").document;
    expect(outcome.blockers[0].sample).toEqual([{ id: "***" }]);
    expect(outcome.plan.blockers[0].sample).toEqual([{ id: "***" }]);
  });

  test("in a protected environment --yes needs a guard beside it, to delete and to restore", async () => {
    writeFileSync(join(stage.cwd, "ondelete.config.json"), '{ "protected": true }');
    const refused = json("delete", "customers", "1", "--yes");
    expect(refused.problem.code).toBe("confirmation-required");
    expect(refused.status).toBe(2);
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
    const { operation } = json("delete", "customers", "1", "--yes", "--expect-rows", "6").document;
    expect(json("restore", operation, "--yes").problem.code).toBe("confirmation-required");
    expect(json("restore", operation, "--yes", "--expect-rows", "5")).toMatchObject({
      status: 5,
      problem: { code: "plan-changed" },
    });
    expect(json("restore", operation, "--yes", "--expect-rows", "6").status).toBe(0);
    expect(await ids("customers")).toEqual(["1", "2", "3"]);
  });

  test("names of the configuration that the database does not have are shown with the nearest right one", () => {
    const relation = {
      child: "notes",
      columns: ["custmer_id"],
      parent: "customer",
      parentColumns: ["id", "x"],
      onDelete: "cascade",
    };
    const config = { relations: [relation], tables: { invoices: { secret: ["idd"] }, order: {} } };
    writeFileSync(join(stage.cwd, "ondelete.config.json"), JSON.stringify(config));
    const { status, problem } = json("plan", "customers", "1");
    expect(problem.code).toBe("config-invalid");
    for (const line of [
      'relations[0].columns[0]: the table notes has no column "custmer_id". Did you mean "customer_id"?\n    in {"child":"notes"',
      'relations[0].parent: the database has no table "customer". Did you mean "customers"?',
      'relations[0].parentColumns: has 2 of them where "columns" has 1; each column needs its own.',
      'tables.invoices.secret[0]: the table invoices has no column "idd". Did you mean "id"?',
      'tables.order: the database has no table "order". Did you mean "orders"?',
    ]) {
      expect(problem.message).toContain(line);
    }
    expect(status).toBe(2);
  });

  test("init writes proposals as comments, the file loads, and is not overwritten", () => {
    const { status, document } = json("init");
    const file = join(stage.cwd, document.file);
    expect(document).toMatchObject({
      kind: "config",
      relations: [{ child: "notes", column: "customer_id", parent: "customers", parentColumn: "id" }],
      softDeletes: [{ table: "customers", column: "deleted_at" }],
      auditTables: ["audit_log", "invoices"],
    });
    expect(status).toBe(0);
    const text = readFileSync(file, "utf8");
    expect(text).toContain(
      '// { child: "notes", columns: ["customer_id"], parent: "customers", parentColumns: ["id"]',
    );
    expect(json("plan", "customers", "1").document.totals.deleted).toBe(6);
    expect(json("init")).toMatchObject({ status: 2, problem: { code: "usage" } });
    expect(readFileSync(file, "utf8")).toBe(text);
    // A proposal that is taken up holds.
    writeFileSync(file, text.replace("// { child", "{ child"));
    expect(json("inspect").document.relations.map((r: { id: string }) => r.id)).toContain(
      "notes(customer_id) -> customers(id)",
    );
  });

  test("doctor looks at the database and finds nothing wrong with it", () => {
    const { status, document } = json("doctor");
    expect(document).toMatchObject({ kind: "diagnoses" });
    expect(document.diagnoses.map((d: { state: string }) => d.state)).not.toContain("problem");
    expect(status).toBe(0);
  });

  test("a large document goes through a pipe in one piece", async () => {
    const tables = Array.from(
      { length: 150 },
      (_, i) => `create table wide_${i} (id integer primary key, ${columns("c", 15)});`,
    );
    await stage.db.exec(tables.join("\n"));
    const { document } = json("inspect");
    expect(JSON.stringify(document).length).toBeGreaterThan(300_000);
    expect(document.tables).toHaveLength(157);
  });

  test("include, exclude and --schema decide what inspect shows, and never what a plan follows", () => {
    writeFileSync(
      join(stage.cwd, "ondelete.config.json"),
      '{ "include": ["c*", "order*"], "exclude": ["*ts"] }',
    );
    const { document } = json("inspect");
    expect(document.tables.map((t: { id: string }) => t.id)).toEqual(["customers", "orders"]);
    expect(document.relations.map((r: { id: string }) => r.id)).toEqual([
      "orders(customer_id) -> customers(id)",
    ]);
    expect(json("plan", "customers", "1").document.totals.deleted).toBe(6);
  });

  test("a schema in which no table is ends with 2 and says where tables are, so that nothing looks clean by mistake", () => {
    for (const words of [["check"], ["inspect"], ["plan", "customers", "1"]]) {
      const { status, problem } = json(...words, "--schema", "nowhere");
      expect([status, problem.code, problem.message]).toEqual([
        2,
        "usage",
        "No table is in the schema nowhere.",
      ]);
      expect(problem.hint).toMatch(/^Tables are in: \w+\. /);
    }
  });

  test("a plan names its table as the database does, and hides its secrets, however the name was written", async () => {
    writeFileSync(
      join(stage.cwd, "ondelete.config.json"),
      '{ "tables": { "orders": { "secret": ["id"] } } }',
    );
    const { document } = json("plan", "ORDERS", "--where", "id in (11, 20)");
    expect(document.target.table).toBe("orders");
    expect(document.deletableRoots).toEqual([{ id: "***" }]);
    expect(run("plan", "ORDERS", "11").stdout).toContain("orders              1\n└─ Order Lines      1");
  });

  test("what helps against several blockers stands once below them", async () => {
    await stage.db.exec(`
      create table returns (id integer primary key, order_id integer, foreign key (order_id) references orders (id) on delete restrict);
      insert into returns values (8, 20)`);
    const { stdout } = run("plan", "orders", "20");
    expect(stdout).toContain("BLOCKED  2 rows stand in the way");
    expect(stdout).toMatch(/restrict {2}1 row\n {4}id=7\n[^→]*restrict {2}1 row\n {4}id=8\n/);
    expect(stdout.match(/→ Delete or re-point these rows first/g)).toHaveLength(1);
  });

  test("status of one operation tells what it did by table, why, and how it is taken back", () => {
    const { operation } = json("delete", "orders", "10", "--yes", "--reason", "asked to").document;
    const { stdout, status } = run("status", operation);
    expect(status).toBe(0);
    expect(stdout).toContain(`Operation ${operation}  done\n`);
    expect(stdout).toMatch(/reason +asked to\n/);
    expect(stdout).toMatch(/Order Lines +deleted +2\n/);
    expect(stdout).toContain(`To undo it: ondelete restore ${operation}\n`);
    run("delete", "orders", "11", "--yes", "--erase");
    expect(run("status").stdout).toMatch(/orders, 1 row\n$/);
  });

  const columns = (name: string, size: number) =>
    Array.from({ length: size }, (_, i) => `${name}${i} text`).join(", ");
});
