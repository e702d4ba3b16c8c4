import { expect, test } from "vitest";
import { seed, skipReason } from "../../../test/document/seeds.ts";
import { eachEngine, refusal } from "./stage.ts";

eachEngine((stage) => {
  test("foreign keys are defined in the schema: RESTRICT for customers and clusters, CASCADE for accounts and sessions", async () => {
    const { kit } = await stage();
    const { relations } = await kit.strict.inspect();
    expect(relations.map((r) => [r.id, r.onDelete, r.enforcedBy, r.indexed])).toEqual([
      ["account(user_id) -> user(id)", "cascade", "database", true],
      ["customer(auth_user_id) -> user(id)", "restrict", "database", true],
      ["k8s_cluster_config(auth_user_id) -> user(id)", "restrict", "database", true],
      ["session(user_id) -> user(id)", "cascade", "database", true],
    ]);
  });

  test("ON DELETE RESTRICT prevents accidental data loss: a bare DELETE of a user is refused", async () => {
    const { db, everything } = await stage(2);
    const before = await everything();
    await expect(db.exec(`delete from "user" where id = 'user-1'`)).rejects.toThrow(/violates.*foreign key/);
    expect(await everything()).toEqual(before);
  });

  test("no orphaned records possible: no row is taken below a user who does not exist", async () => {
    const { db, kit } = await stage(2);
    const orphan = (table: string) =>
      db.exec(`insert into ${table} (auth_user_id, name${table === "customer" ? "" : ", location"})
        values ('nobody', 'x'${table === "customer" ? "" : ", 'eu-west'"})`);
    await expect(orphan("customer")).rejects.toThrow("foreign key");
    await expect(orphan("k8s_cluster_config")).rejects.toThrow("foreign key");
    expect((await kit.strict.orphans()).relations.filter((r) => r.rows > 0)).toEqual([]);
  });

  test("the deletedAt column replaces the delete flag", async () => {
    const { kit } = await stage();
    const { tables } = await kit.strict.inspect();
    const marked = tables.filter((t) => t.softDelete).map((t) => [t.id, t.softDelete?.column]);
    expect(marked).toEqual([
      ["customer", "deleted_at"],
      ["k8s_cluster_config", "deleted_at"],
      ["user", "deleted_at"],
    ]);
    expect(tables.flatMap((t) => t.columns.filter((c) => c.name === "delete"))).toEqual([]);
  });

  test("partial unique indexes enforce uniqueness on active records", async () => {
    const { db } = await stage();
    const indexes = await db.rows(
      "select indexname, indexdef from pg_indexes where indexname like '%live' order by indexname",
    );
    expect(indexes.map((i) => i.indexdef?.split(" USING btree ")[1])).toEqual([
      "(stripe_customer_id) WHERE (deleted_at IS NULL)",
      "(stripe_subscription_id) WHERE (deleted_at IS NULL)",
      "(plan, auth_user_id) WHERE (deleted_at IS NULL)",
      "(email) WHERE (deleted_at IS NULL)",
    ]);
  });

  test("the Prisma schema says what the database has, and check finds nothing, neither in it nor in the data", async () => {
    const { kit } = await stage(20);
    const { findings, summary } = await kit.strict.check({ data: true });
    expect(findings).toEqual([]);
    expect(summary.errors).toBe(0);
    expect((await kit.controlled.check({ data: true })).findings).toEqual([]);
  });

  test("verify proves every relation: as the constraints are, and with the cascade above them", async () => {
    const { kit } = await stage();
    const proven = { proven: 8, contradicted: 0, unprovable: 0 };
    expect((await kit.strict.verify()).summary).toEqual(proven);
    expect((await kit.controlled.verify()).summary).toEqual(proven);
  });

  test("a customer of the plan FREE has no subscription, whoever writes", async () => {
    const { db, customers } = await stage(1);
    const [customer] = await customers.findActive();
    await db.exec("update customer set plan = 'PRO', stripe_subscription_id = 'sub_9'");
    expect(await refusal(customers.update(customer?.id ?? 0, { plan: "FREE" }))).toBe("rule");
  });

  test.skipIf(skipReason !== null)(
    "document --check finds no statement of the document that is not so, and that accounts and sessions are not in it",
    async () => {
      const { kit } = await stage();
      const checked = await kit.strict.checkDocument(seed("003_b75ca23d510f1ed6.txt"));
      expect(checked.counts).toEqual({ judged: 3, right: 3, contradicted: 0, leftOut: 0, notJudged: 0 });
      expect(checked.uncovered).toEqual(["account", "session"]);
    },
  );
});
