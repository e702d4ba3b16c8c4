import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CliStage, eachReachable } from "./each-reachable.ts";

const SHOP = `
create table customers (id integer primary key, deleted_at timestamp null);
create table orders (id integer primary key, customer_id integer references customers (id) on delete cascade,
  deleted_at timestamp null);
create table logs (id integer primary key, customer_id integer references customers (id) on delete cascade);
insert into customers values (1, null), (2, '2020-01-01 00:00:00');
insert into orders values (10, 1, null), (11, 1, '2020-01-01 00:00:00'), (20, 2, '2020-01-01 00:00:00');
insert into logs values (1, 1), (2, 1);
`;

const CONFIG = {
  tables: {
    customers: { softDelete: "deleted_at", retention: { olderThan: "30 days" } },
    orders: { softDelete: "deleted_at" },
  },
};

const furnish = async ({ db, cwd }: CliStage): Promise<void> => {
  await db.exec(SHOP);
  writeFileSync(join(cwd, "ondelete.config.json"), JSON.stringify(CONFIG));
};

eachReachable(furnish, (stage) => {
  const run = (...words: string[]) => stage.run(...words, "--no-color");
  const live = async (table: string) =>
    (await stage.db.rows(`select id from ${table} where deleted_at is null order by id`)).map(
      (row) => row.id,
    );

  test("a soft delete says of each table what becomes of its rows, hides them, and brings them back", async () => {
    const plan = run("plan", "customers", "1", "--soft");
    expect(plan.status).toBe(0);
    expect(plan.stdout).toContain("Delete softly from customers where id = 1");
    expect(plan.stdout).toMatch(/customers +1 +marked/);
    expect(plan.stdout).toMatch(/orders +2 +1 marked, the others were before +customer_id/);
    expect(plan.stdout).toMatch(/logs +2 +kept, behind their parent +customer_id/);
    expect(plan.stdout).toMatch(/To do it: ondelete delete customers 1 --soft --digest [0-9a-f]{32}/);
    const deleted = run("delete", "customers", "1", "--soft", "--yes");
    expect(deleted.stdout).toContain("DONE  2 rows deleted softly, 0 updated");
    expect([await live("customers"), await live("orders")]).toEqual([[], []]);
    expect(run("delete", "customers", "1", "--soft", "--yes").stdout).toContain("no row was deleted softly");
    const operation = /ondelete restore (\S+)/.exec(deleted.stdout)?.[1] ?? "";
    expect(run("restore", operation, "--yes").stdout).toContain("0 rows inserted, 2 live again.");
    expect([await live("customers"), await live("orders")]).toEqual([["1"], ["10"]]);
    expect(run("status").stdout).toContain("customers 1 --soft");
  });

  test("a soft delete that nobody confirmed does nothing", async () => {
    const { status, stderr } = run("delete", "customers", "1", "--soft");
    expect([status, stderr]).toEqual([2, expect.stringContaining("delete 5 rows of 3 tables softly")]);
    expect(await live("customers")).toEqual(["1"]);
  });

  test("a restore that meets a conflict says so, and does about it what it is told to", async () => {
    const deleted = run("delete", "customers", "1", "--yes");
    const operation = /ondelete restore (\S+)/.exec(deleted.stdout)?.[1] ?? "";
    await stage.db.exec("insert into logs values (1, null)");
    const stopped = run("restore", operation, "--yes");
    expect([stopped.status, stopped.stdout]).toEqual([
      1,
      expect.stringContaining("logs  key-taken  1 row: id=1"),
    ]);
    const shown = run("restore", operation, "--on-conflict", "skip");
    expect(shown.status).toBe(2);
    expect(shown.stdout).toMatch(/logs +to be skipped +1/);
    const done = run("restore", "--on-conflict", "skip", operation, "--yes");
    expect([done.status, done.stdout]).toEqual([0, expect.stringMatching(/logs +skipped +1/)]);
    expect(done.stdout).toContain("1 row stays in the archive");
    expect(await stage.db.rows("select id from logs order by id")).toHaveLength(2);
  });

  test("inspect tells which column marks deleted rows", () => {
    const { tables } = JSON.parse(run("inspect", "--json").stdout);
    const found = tables.map((t: { name: string; softDelete?: object }) => [t.name, t.softDelete]);
    const marker = { column: "deleted_at", kind: "timestamp" };
    expect(found).toEqual([
      ["customers", marker],
      ["logs", undefined],
      ["orders", marker],
    ]);
  });

  test("a purge shows what would go, and deletes it when it is told to", async () => {
    const shown = run("purge");
    expect(shown.status).toBe(2);
    expect(shown.stdout).toContain("WOULD PURGE  2 rows by 1 retention.");
    expect(shown.stdout).toMatch(/customers +to delete +1\n +orders +to delete +1/);
    expect(await stage.db.rows("select id from customers")).toHaveLength(2);
    expect(run("purge", "--yes", "--expect-rows", "7").status).toBe(5);
    const done = run("purge", "--yes", "--expect-rows", "2", "--json");
    expect(done.status).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      kind: "purge",
      state: "done",
      policies: [
        { policy: "customers", eligible: 1, deleted: { customers: 1, orders: 1 }, held: 0, batches: 1 },
      ],
    });
    expect(await stage.db.rows("select id from orders order by id")).toHaveLength(2);
  });

  test("a purge that holds rows back ends with 1 and says why", async () => {
    await stage.db.exec("update orders set deleted_at = null where id = 20");
    const { status, stdout } = run("purge", "--yes");
    expect(status).toBe(1);
    expect(stdout).toContain("PURGED  0 rows by 1 retention, 1 row held back.");
    expect(stdout).toContain("Rows of orders are not deleted softly, and would go with the purged ones.");
  });
});
