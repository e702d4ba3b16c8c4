import { expect, test } from "vitest";
import { SoftDeleteService } from "../services/soft-delete-service.ts";
import { eachEngine, refusal } from "./stage.ts";

const CLUSTER = { authUserId: "user-1", name: "shop", location: "eu-west" } as const;

eachEngine((stage) => {
  test.for(["user", "customer", "k8sClusterConfig"] as const)(
    "SoftDeleteService is reusable for any table: softDelete, restore, findActive, findDeleted, hardDelete of %s",
    async (table) => {
      const { kit, everything } = await stage();
      await kit.kysely.insertInto("user").values({ id: "1", name: "Ada", email: "a@example.org" }).execute();
      // A second user, below whom nothing is, so that nothing restricts.
      await kit.kysely.insertInto("user").values({ id: "2", name: "Ben", email: "b@example.org" }).execute();
      await kit.kysely
        .insertInto("customer")
        .values({ authUserId: "1", name: "a", plan: "PRO" } as never)
        .execute();
      await kit.kysely
        .insertInto("k8sClusterConfig")
        .values({ ...CLUSTER, authUserId: "1" })
        .execute();
      const id = table === "user" ? "2" : 1;
      const service = new SoftDeleteService(kit, table);
      const all = await service.findActive();
      const before = await everything();

      const { operation, rows } = await service.softDelete(id, "a test");
      expect(Object.values(rows)).toEqual([1]);
      expect((await service.findActive()).map((r) => r.id)).toEqual(
        all.map((r) => r.id).filter((i) => i !== id),
      );
      const hidden = await service.findDeleted();
      expect(hidden.map((r) => [r.id, r.deletedAt instanceof Date])).toEqual([[id, true]]);
      expect(await refusal(service.softDelete(id))).toBe("not-found");

      await service.restore(operation);
      expect(await everything()).toEqual(before);

      const deleted = await service.hardDelete(id);
      expect([await service.findDeleted(), await refusal(service.hardDelete(id))]).toEqual([[], "not-found"]);
      await service.restore(deleted.operation);
      expect(await everything()).toEqual(before);
      expect(await refusal(service.restore("no-such-operation"))).toBe("not-found");
    },
  );

  test("all queries filter out soft-deleted records", async () => {
    const { request, clusters, customers } = await stage(2);
    const [cluster] = await clusters.findActive({ authUserId: "user-1" });
    const [customer] = await customers.findActive({ authUserId: "user-1" });
    await clusters.softDelete(cluster?.id ?? 0);
    await customers.softDelete(customer?.id ?? 0);
    expect((await request("GET", `/clusters/${cluster?.id}`))[0]).toBe(404);
    expect((await request("PATCH", `/clusters/${cluster?.id}`, { name: "again" }))[0]).toBe(404);
    expect((await request("DELETE", `/clusters/${cluster?.id}`))[0]).toBe(404);
    expect((await request("GET", `/customers/${customer?.id}`))[0]).toBe(404);
    const ids = async (path: string) =>
      ((await request("GET", path))[1] as { id: unknown }[]).map((r) => r.id);
    expect(await ids("/clusters")).not.toContain(cluster?.id);
    expect(await ids("/customers")).not.toContain(customer?.id);
    const [, users] = await request("GET", "/users");
    expect(JSON.stringify(users)).not.toContain(`"id":${cluster?.id},`);
  });

  test("each user can have one cluster per subscription plan: one FREE, one PRO, one BUSINESS", async () => {
    const { users, clusters } = await stage();
    await users.create({ id: "user-1", name: "Ada", email: "ada@example.org" });
    for (const plan of ["FREE", "PRO", "BUSINESS"] as const) await clusters.create({ ...CLUSTER, plan });
    expect(await refusal(clusters.create({ ...CLUSTER, plan: "PRO" }))).toBe("taken");
    const [free] = await clusters.findActive({ plan: "FREE" });
    expect(await refusal(clusters.update(free?.id ?? 0, { plan: "PRO" }))).toBe("taken");
    expect((await clusters.findActive()).map((c) => c.plan)).toEqual(["FREE", "PRO", "BUSINESS"]);
  });

  test("a deleted cluster does not block a new one of its plan, and restoring it then is a reported conflict", async () => {
    const { users, clusters, everything } = await stage();
    await users.create({ id: "user-1", name: "Ada", email: "ada@example.org" });
    const first = await clusters.create({ ...CLUSTER, plan: "PRO" });
    const removal = await clusters.softDelete(first.id);
    const second = await clusters.create({ ...CLUSTER, plan: "PRO" });
    const before = await everything();

    const conflict = await clusters.restore(removal.operation).catch((error: unknown) => error);
    expect(conflict).toMatchObject({
      code: "conflict",
      details: [{ kind: "unique-taken", table: "k8s_cluster_config", rows: 1 }],
    });
    expect(await everything()).toEqual(before);

    await clusters.softDelete(second.id);
    await clusters.restore(removal.operation);
    expect((await clusters.findActive()).map((c) => c.id)).toEqual([first.id]);
  });

  test("a deleted user's e-mail address and a deleted customer's Stripe ids can be taken again", async () => {
    const { users, customers, deletion } = await stage(1);
    const again = { id: "user-9", name: "Ada", email: "user-1@example.org" };
    expect(await refusal(users.create(again))).toBe("taken");
    const hidden = await deletion.softDeleteUser("user-1");
    await users.create(again);
    await customers.create({ authUserId: "user-9", name: "Ada Ltd", plan: "PRO", stripeCustomerId: "cus_1" });
    expect(await refusal(deletion.restore(hidden))).toBe("conflict");
  });

  test("an id is a value, whatever is in it", async () => {
    const { users, deletion } = await stage(2);
    const id = `o'hara' or true; -- \\`;
    await users.create({ id, name: "Kim", email: "kim@example.org" });
    expect((await deletion.softDeleteUser(id)).rows).toEqual({ user: 1 });
    expect((await users.findActive()).map((u) => u.id)).toEqual(["user-1", "user-2"]);
    expect((await users.findDeleted()).map((u) => u.id)).toEqual([id]);
  });

  test("an operation is taken back by the service of its table alone", async () => {
    const { clusters, customers, deletion } = await stage(1);
    const { operation } = await clusters.softDelete(1);
    expect(await refusal(customers.restore(operation))).toBe("not-found");
    expect(await refusal(deletion.restore({ operation }))).toBe("not-found");
    expect(await refusal(clusters.restore(operation))).toBe("done");
  });

  test("nothing is created below a user who is hidden or does not exist", async () => {
    const { clusters, customers, deletion } = await stage(1);
    await deletion.softDeleteUser("user-1");
    expect(await refusal(clusters.create({ ...CLUSTER, plan: "PRO" }))).toBe("not-found");
    expect(await refusal(customers.create({ authUserId: "user-1", name: "Ada" }))).toBe("not-found");
    expect(await refusal(customers.create({ authUserId: "nobody", name: "Ada" }))).toBe("not-found");
  });
});
