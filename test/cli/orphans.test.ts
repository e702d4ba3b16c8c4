import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const SHOP = [
  "create table customers (id integer primary key)",
  "create table orders (id integer primary key, customer_id integer)",
  "insert into customers values (1)",
  "insert into orders values (1, 1), (2, 1), (3, 7)",
];

eachReachable(
  ({ db }) => db.exec(SHOP),
  (stage) => {
    const { run } = stage;

    test("what is only guessed at is told and ends with 0; once it is configured it ends with 1", () => {
      const guessed = run("orphans");
      expect(guessed.stdout).toContain("FOUND  1 row of 1 relation, of 1 relation looked at.");
      expect(guessed.stdout).toMatch(/orders\(customer_id\) -> customers\(id\) +1 +2 of 3 match +id=3/);
      expect(guessed.status).toBe(0);
      const relation = {
        child: "orders",
        columns: ["customer_id"],
        parent: "customers",
        parentColumns: ["id"],
        onDelete: "restrict",
      };
      const config = { relations: [relation], tables: { orders: { secret: ["id"] } } };
      writeFileSync(join(stage.cwd, "ondelete.config.json"), JSON.stringify(config));
      const configured = run("orphans", "--json");
      expect(JSON.parse(configured.stdout)).toMatchObject({
        kind: "orphans",
        relations: [{ origin: "configured", rows: 1, sample: [{ id: "***" }] }],
      });
      expect(configured.status).toBe(1);
    });

    test("a database without orphans says so and ends with 0", async () => {
      await stage.db.exec("delete from orders where id = 3");
      const { stdout, status } = run("orphans");
      expect(stdout).toContain("NONE  every reference of 1 relation finds its row.");
      expect(status).toBe(0);
    });

    test("init proposes it with what speaks for it", () => {
      const { stdout } = run("init", "--json");
      expect(JSON.parse(stdout).relations).toEqual([
        {
          child: "orders",
          column: "customer_id",
          parent: "customers",
          parentColumn: "id",
          evidence: { looked: 3, matched: 2 },
        },
      ]);
    });
  },
);
