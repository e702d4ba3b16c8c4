import { expect, test } from "vitest";
import { onServer, refusal } from "./stage.ts";

const CLUSTER = { authUserId: "ada", name: "shop", location: "eu-west", plan: "PRO" } as const;
const ADA = { id: "ada", name: "Ada", email: "ada@example.org" } as const;

onServer((stage) => {
  test("two racing creates, 200 times: one row each time, and the other a clear error", async () => {
    const { users, clusters, db } = await stage();
    const connections = new Set<string | null>();
    for (let round = 0; round < 200; round += 1) {
      const authUserId = `user-${round}`;
      await users.create({ ...ADA, id: authUserId, email: `${round}@example.org` });
      const create = () => refusal(clusters.create({ ...CLUSTER, authUserId }));
      const ends = await Promise.all([create(), create()]);
      expect(ends.toSorted()).toEqual(["done", "taken"]);
    }
    const rows = await db.rows("select auth_user_id from k8s_cluster_config group by 1 having count(*) = 1");
    expect(rows).toHaveLength(200);
    for (const { pid } of await db.rows(
      "select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'",
    ))
      connections.add(pid ?? null);
    expect(connections.size).toBeGreaterThan(1);
  });

  test("a cluster that is created while its user is hidden is hidden along or refused, 30 times: none is left live", async () => {
    const { users, clusters, deletion, db } = await stage();
    for (let round = 0; round < 30; round += 1) {
      const authUserId = `user-${round}`;
      await users.create({ ...ADA, id: authUserId, email: `${round}@example.org` });
      const [created, hidden] = await Promise.all([
        refusal(clusters.create({ ...CLUSTER, authUserId })),
        refusal(deletion.softDeleteUser(authUserId)),
      ]);
      expect(["done", "not-found"]).toContain(created);
      expect(hidden).toBe("done");
    }
    expect(
      await db.rows(`select c.id from k8s_cluster_config c join "user" u on u.id = c.auth_user_id
        where c.deleted_at is null and u.deleted_at is not null`),
    ).toEqual([]);
  });
});
