import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eachReachable } from "./each-reachable.ts";

const SHOP = [
  "create table customers (id integer primary key)",
  "create table orders (id integer primary key, customer_id integer not null, constraint k1 foreign key (customer_id) references customers (id) on delete cascade)",
  "create table carts (id integer primary key, customer_id integer, constraint k2 foreign key (customer_id) references customers (id) on delete set null)",
];

eachReachable(
  ({ db }) => db.exec(SHOP),
  (stage) => {
    const { run } = stage;
    test("a database that does what it declares is proven and ends with 0", () => {
      const { stdout, status } = run("verify");
      expect(stdout).toContain("PROVEN  4 of 4 experiments proven. All rows were taken back.");
      expect(stdout).toMatch(/customers ← orders\(customer_id\) +deleted +DELETE, ondelete/);
      expect(stdout).toMatch(/customers ← carts\(customer_id\) +set null +DELETE, ondelete/);
      expect(status).toBe(0);
    });

    test("the certificate is one document, or Markdown where the file is", () => {
      const { stdout, status } = run("verify", "--json", "--out", "made.md");
      expect(JSON.parse(stdout)).toMatchObject({
        ondelete: "1",
        kind: "verification",
        summary: { proven: 4, contradicted: 0, unprovable: 0 },
      });
      expect(status).toBe(0);
      const text = readFileSync(join(stage.cwd, "made.md"), "utf8");
      expect(text).toContain("| Proven | 4 |");
      expect(text).toContain(
        "| `customers` | `orders(customer_id) -> customers(id)` | DELETE | deleted | deleted |",
      );
    });

    test("against an earlier certificate, what was proven and is there no more is a finding", async () => {
      expect(run("verify", "--out", "before.json").status).toBe(0);
      expect(run("verify", "--against", "before.json").stdout).toContain("Nothing is different.");
      await stage.db.exec("drop table carts");
      const { stdout, status } = run("verify", "--against", "before.json");
      expect(stdout).toContain("The schema or the policy is another.");
      expect(stdout).toContain("carts(customer_id) -> customers(id), native: proven, now not there");
      expect(status).toBe(1);
    });

    test("a file that is no certificate, and a relation that is not there, end with 2", () => {
      const wrong = run("verify", "--against", "nowhere.json");
      expect([wrong.status, wrong.stderr]).toEqual([
        2,
        expect.stringContaining("nowhere.json cannot be used"),
      ]);
      const unknown = run("verify", "--relation", "order(customer_id) -> customers(id)");
      expect([unknown.status, unknown.stderr]).toEqual([
        2,
        expect.stringContaining('Did you mean "orders(customer_id) -> customers(id)"?'),
      ]);
    });

    test("what cannot be proven leaves the proof incomplete and ends with 4", async () => {
      await stage.db.exec(
        "create table never (id integer primary key, a integer not null, check (a > 1 and a < 1))",
      );
      await stage.db.exec(
        "create table below (id integer primary key, never_id integer, constraint k3 foreign key (never_id) references never (id))",
      );
      const { stdout, status } = run("verify");
      expect(stdout).toContain("INCOMPLETE  4 of 6 experiments proven, 2 not provable here.");
      expect(stdout).toContain("  because: no row could be made in never");
      expect(stdout).toContain("    never ← below(never_id)  DELETE, ondelete\n");
      expect(status).toBe(4);
    });
  },
);
