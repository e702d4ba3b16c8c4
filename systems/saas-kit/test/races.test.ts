import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import type { TestDatabase } from "../../../test/support/databases.ts";
import { K8sClusterService } from "../services/clusters.ts";
import { onServer, refusal } from "./stage.ts";

const CLUSTER = { authUserId: "ada", name: "shop", location: "eu-west", plan: "PRO" } as const;
const ADA = { id: "ada", name: "Ada", email: "ada@example.org" } as const;

onServer((stage) => {
  test("two racing creates, 200 times: one row each time, and the other a clear error", async () => {
    const { users, clusters, db } = await stage();
    for (let round = 0; round < 200; round += 1) {
      const authUserId = `user-${round}`;
      await users.create({ ...ADA, id: authUserId, email: `${round}@example.org` });
      const create = () => refusal(clusters.create({ ...CLUSTER, authUserId }));
      const ends = await Promise.all([create(), create()]);
      expect(ends.toSorted()).toEqual(["done", "taken"]);
    }
    const rows = await db.rows("select auth_user_id from k8s_cluster_config group by 1 having count(*) = 1");
    expect(rows).toHaveLength(200);
    const connections = await db.rows("select pid from pg_stat_activity where datname = current_database()");
    expect(connections.length).toBeGreaterThan(1);
  });

  const LIVE_BELOW_HIDDEN = `select c.id from k8s_cluster_config c join "user" u on u.id = c.auth_user_id
    where c.deleted_at is null and u.deleted_at is not null`;

  /** Resolves once a session waits for a lock of another. */
  const someoneWaits = async (db: TestDatabase) => {
    const waiting =
      "select 1 from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())";
    for (let look = 0; look < 200; look += 1) {
      if ((await db.rows(waiting)).length > 0) return true;
      await setTimeout(10);
    }
    return false;
  };

  test("a cluster that is created while its user is being hidden waits, and is refused then", async () => {
    const { users, clusters, kit, db } = await stage();
    await users.create(ADA);
    const creating = await kit.transaction(async (controlled) => {
      await controlled.delete(
        { table: "user", select: { kind: "columns", values: { id: "ada" } } },
        { soft: true },
      );
      const end = refusal(clusters.create(CLUSTER));
      expect(await someoneWaits(db)).toBe(true);
      return { end };
    });
    expect(await creating.end).toBe("not-found");
    expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
  });

  test("hiding a user waits for a cluster that is being created, and hides it along", async () => {
    const { users, kit, deletion, db } = await stage();
    await users.create(ADA);
    const hiding = await kit.kysely.transaction().execute(async (trx) => {
      await new K8sClusterService({ ...kit, kysely: trx }).create(CLUSTER);
      const end = deletion.softDeleteUser("ada");
      expect(await someoneWaits(db)).toBe(true);
      return { end };
    });
    expect((await hiding.end).rows).toEqual({ user: 1, k8s_cluster_config: 1 });
    expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
  });

  test("created and hidden at once, 30 times: no cluster is left live below a hidden user", async () => {
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
    expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
  });
});
