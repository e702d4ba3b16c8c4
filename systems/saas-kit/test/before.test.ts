import { readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "ondelete";
import { prisma } from "ondelete/prisma";
import { expect, test } from "vitest";
import { eachVariant } from "../../../test/support/stages.ts";
import before from "../before/ondelete.config.ts";

const DDL = readFileSync(join(import.meta.dirname, "../before/database.sql"), "utf8");
const CUSTOMER = "customer(auth_user_id) -> user(id)";
const CLUSTER = "k8s_cluster_config(auth_user_id) -> user(id)";

eachVariant(
  (_, fresh) => {
    const staged = async () => {
      const db = await fresh();
      await db.exec(DDL);
      const { url: _url, ...config } = before;
      return { db, ondelete: await open(db.handle, config) };
    };

    test("orphans finds the rows of a user who is gone", async () => {
      const { relations } = await (await staged()).ondelete.orphans();
      expect(relations.map((r) => [r.id, r.origin, r.rows, r.sample])).toEqual([
        [CUSTOMER, "configured", 1, [{ id: "61" }]],
        [CLUSTER, "configured", 1, [{ id: "64" }]],
      ]);
    });

    test("once the configuration names them, check reports the orphans and the missing indexes", async () => {
      const { findings } = await (await staged()).ondelete.check({ data: true });
      expect(findings.map((f) => [f.severity, f.rule, f.object])).toEqual([
        ["error", "orphan-rows", CUSTOMER],
        ["error", "orphan-rows", CLUSTER],
        ["warning", "fk-without-index", CUSTOMER],
        ["warning", "fk-without-index", CLUSTER],
      ]);
    });

    test("the relations are found by names and rows alone", async () => {
      const { db } = await staged();
      const bare = await open(db.handle);
      const { findings } = await bare.check({ data: true });
      expect(findings.map((f) => [f.rule, f.confidence, f.object])).toEqual([
        ["orphan-rows", "inferred", CUSTOMER],
        ["orphan-rows", "inferred", CLUSTER],
        ["fk-implicit", "inferred", CUSTOMER],
        ["fk-implicit", "inferred", CLUSTER],
      ]);
    });

    test("a migration that was created and never applied: check tells what the schema promises and the database does not keep", async () => {
      const { db } = await staged();
      const promised = await open(db.handle, {
        source: prisma(join(import.meta.dirname, "../prisma/schema.prisma")),
      });
      const { findings } = await promised.check();
      const drift = findings.map((f) => [f.severity, f.rule, f.object, f.message]);
      const left = (table: string) =>
        `declares ${table}(auth_user_id) -> user(id) with ON DELETE RESTRICT, and the database has no such constraint: a delete from user leaves the rows of ${table} behind.`;
      const missing = (table: string) =>
        `has the table ${table}, and the database does not: none of its relations holds.`;
      expect(drift).toEqual(
        [
          ["account", missing("account")],
          [CUSTOMER, left("customer")],
          [CLUSTER, left("k8s_cluster_config")],
          ["session", missing("session")],
        ].map(([object, said]) => ["error", "policy-drift-orm", object, `The Prisma schema ${said}`]),
      );
    });

    test("the flag lets two live clusters of one plan in, which no index keeps out", async () => {
      const { db } = await staged();
      expect(
        await db.rows(`select auth_user_id, plan, count(*) as live from k8s_cluster_config where not "delete"
          group by 1, 2 having count(*) > 1`),
      ).toEqual([{ auth_user_id: "user-1", plan: "PRO", live: "2" }]);
    });

    test("a bare DELETE of a user orphans the rows below", async () => {
      const { db, ondelete } = await staged();
      await db.exec(`delete from "user" where id = 'user-1'`);
      const { relations } = await ondelete.orphans();
      expect(relations.map((r) => [r.id, r.rows])).toEqual([
        [CUSTOMER, 2],
        [CLUSTER, 4],
      ]);
    });
  },
  { engines: ["pglite", "postgres"], because: "the system runs on PostgreSQL" },
);
