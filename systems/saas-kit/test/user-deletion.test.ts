import { expect, test } from "vitest";
import { SoftDeleteService } from "../services/soft-delete-service.ts";
import { eachEngine, refusal, type Stage } from "./stage.ts";

/** Two users; user-1 has a customer, three clusters of which one is hidden, an account and two sessions. */
async function peopled({ kit, clusters }: Stage): Promise<void> {
  const { kysely } = kit;
  const people = [1, 2].map((n) => ({ id: `user-${n}`, name: `User ${n}`, email: `u${n}@example.org` }));
  await kysely.insertInto("user").values(people).execute();
  for (const { id } of people) {
    const clustersOf = (["FREE", "PRO", "BUSINESS"] as const).map((plan) => ({
      ...{ authUserId: id, name: "shop", location: "eu-west", plan },
    }));
    await kysely.insertInto("k8sClusterConfig").values(clustersOf).execute();
    await kysely
      .insertInto("customer")
      .values({
        authUserId: id,
        name: id,
        plan: "PRO",
        stripeCustomerId: `cus_${id}`,
        stripeSubscriptionId: null,
      })
      .execute();
    await kysely
      .insertInto("account")
      .values({ userId: id, provider: "github", providerAccountId: id })
      .execute();
    const expires = new Date("2026-02-01");
    const sessions = ["a", "b"].map((name) => ({ id: `${id}-${name}`, userId: id, expires }));
    await kysely.insertInto("session").values(sessions).execute();
  }
  await clusters.softDelete(1);
}

eachEngine((stage) => {
  const ready = async () => {
    const staged = await stage();
    await peopled(staged);
    return staged;
  };

  test("getUserSummary tells how many rows of each kind hang off the user, what would happen to each, and what blocks", async () => {
    const { deletion, everything } = await ready();
    const before = await everything();
    const { user, rows, blockers } = await deletion.getUserSummary("user-1");
    const gone = "archived and deleted";
    expect([user, rows]).toEqual([
      "user-1",
      [
        {
          table: "account",
          rows: 1,
          hidden: 0,
          bareDelete: "deleted",
          softDeleteUser: "archived",
          deleteUser: gone,
        },
        {
          table: "customer",
          rows: 1,
          hidden: 0,
          bareDelete: "blocks it",
          softDeleteUser: "hidden",
          deleteUser: gone,
        },
        {
          ...{ table: "k8s_cluster_config", rows: 3, hidden: 1 },
          ...{ bareDelete: "blocks it", softDeleteUser: "hidden", deleteUser: gone },
        },
        {
          table: "session",
          rows: 2,
          hidden: 0,
          bareDelete: "deleted",
          softDeleteUser: "archived",
          deleteUser: gone,
        },
      ],
    ]);
    expect(blockers.bareDelete.map((b) => [b.relation, b.reason, b.rows])).toEqual([
      ["customer(auth_user_id) -> user(id)", "restrict", 1],
      ["k8s_cluster_config(auth_user_id) -> user(id)", "restrict", 3],
    ]);
    expect([blockers.softDeleteUser, blockers.deleteUser]).toEqual([[], []]);
    expect(await everything()).toEqual(before);
    expect(await refusal(deletion.getUserSummary("nobody"))).toBe("not-found");
  });

  test("softDeleteUser hides the user and everything below, recoverable as one; a cluster that was hidden before stays so", async () => {
    const { deletion, everything, kit, users } = await ready();
    const before = await everything();
    const removal = await deletion.softDeleteUser("user-1", "left");
    expect(removal.rows).toEqual({ user: 1, customer: 1, k8s_cluster_config: 2, account: 1, session: 2 });
    expect((await users.findActive()).map((u) => u.id)).toEqual(["user-2"]);
    for (const table of ["customer", "k8sClusterConfig"] as const) {
      const rows = await new SoftDeleteService(kit, table).findActive();
      expect(new Set(rows.map((r) => r.authUserId))).toEqual(new Set(["user-2"]));
    }
    for (const table of ["account", "session"] as const) {
      const rows = await kit.live.selectFrom(table).select("userId").execute();
      expect(new Set(rows.map((r) => r.userId))).toEqual(new Set(["user-2"]));
    }
    expect(await refusal(deletion.softDeleteUser("user-1"))).toBe("not-found");
    await deletion.restore(removal);
    expect(await everything()).toEqual(before);
  });

  test("deleteUser hides and archives what is below first, then it leaves the tables and the user with it; the archive restores all of it", async () => {
    const { deletion, everything, db, kit } = await ready();
    const before = await everything();
    const done = await deletion.deleteUser("user-1", "asked for it");
    expect(done.hidden?.rows).toEqual({
      user: 1,
      customer: 1,
      k8s_cluster_config: 2,
      account: 1,
      session: 2,
    });
    expect(done.deleted.rows).toEqual({ user: 1, customer: 1, k8s_cluster_config: 3 });
    const left = await db.rows(`select (select count(*) from "user" where id = 'user-1') as users,
      (select count(*) from customer where auth_user_id = 'user-1') as customers,
      (select count(*) from k8s_cluster_config where auth_user_id = 'user-1') as clusters,
      (select count(*) from account where user_id = 'user-1') as accounts,
      (select count(*) from session where user_id = 'user-1') as sessions`);
    expect(left).toEqual([{ users: "0", customers: "0", clusters: "0", accounts: "0", sessions: "0" }]);
    expect((await kit.strict.orphans()).relations.every((r) => r.rows === 0)).toBe(true);
    await deletion.restoreUser(done);
    expect(await everything()).toEqual(before);
  });

  test("deleteUser can be the first delete of all", async () => {
    const { deletion, everything } = await stage(1);
    const before = await everything();
    await deletion.restoreUser(await deletion.deleteUser("user-1"));
    expect(await everything()).toEqual(before);
  });

  test("softDeleteUser preserves for compliance: deleteUser of a hidden user deletes what is left, and each is taken back by itself", async () => {
    const { deletion, everything } = await ready();
    const before = await everything();
    const hidden = await deletion.softDeleteUser("user-1");
    const afterwards = await everything();
    const deleted = await deletion.deleteUser("user-1");
    expect(deleted.hidden).toBeNull();
    await deletion.restoreUser(deleted);
    expect(await everything()).toEqual(afterwards);
    await deletion.restore(hidden);
    expect(await everything()).toEqual(before);
  });

  test("transactions ensure atomicity: where a row refuses to leave, deleteUser leaves nothing done, the hiding included", async () => {
    const { deletion, everything, db, kit } = await ready();
    await db.exec(`create function refuse() returns trigger language plpgsql as $$ begin raise 'disk trouble'; end $$;
      create trigger refuse before delete on "user" for each row execute function refuse();`);
    const before = await everything();
    const operations = (await kit.strict.status()).operations.length;
    await expect(deletion.deleteUser("user-1")).rejects.toThrow("disk trouble");
    expect(await everything()).toEqual(before);
    expect((await kit.strict.status()).operations).toHaveLength(operations);
  });

  test("at no time is a row orphaned or a constraint disabled: inside the transaction each statement finds all constraints valid", async () => {
    const { deletion, db } = await ready();
    await db.exec(`create table seen (orphans int, replica text, disabled int);
      create function look() returns trigger language plpgsql as $$ begin
        insert into seen select
          (select count(*) from customer where not exists (select from "user" u where u.id = auth_user_id)) +
          (select count(*) from k8s_cluster_config where not exists (select from "user" u where u.id = auth_user_id)) +
          (select count(*) from account where not exists (select from "user" u where u.id = user_id)) +
          (select count(*) from session where not exists (select from "user" u where u.id = user_id)),
          current_setting('session_replication_role'),
          (select count(*) from pg_trigger where tgenabled <> 'O') +
          (select count(*) from pg_constraint where contype = 'f' and not convalidated);
        return null; end $$;
      ${["user", "customer", "k8s_cluster_config", "account", "session"]
        .map(
          (t) =>
            `create trigger look after update or delete on "${t}" for each statement execute function look();`,
        )
        .join("\n")}`);
    const done = await deletion.deleteUser("user-1");
    await deletion.restoreUser(done);
    const seen = await db.rows(
      "select orphans, replica, disabled, count(*) > 5 as often from seen group by 1, 2, 3",
    );
    expect(seen).toEqual([{ orphans: "0", replica: "origin", disabled: "0", often: "t" }]);
  });

  test("what blocks is told before: a table that the kit does not know refuses, and nothing is changed", async () => {
    const { db, kit, everything } = await ready();
    await db.exec(`create table invoice (id serial primary key, customer_id int not null references customer (id) on delete restrict);
      insert into invoice (customer_id) select id from customer where auth_user_id = 'user-1'`);
    const { connect } = await import("../database.ts");
    const { UserDeletionService } = await import("../services/user-deletion-service.ts");
    const deletion = new UserDeletionService(await connect(db.handle as never));
    const before = await everything();
    const operations = (await kit.strict.status()).operations.length;
    const { blockers } = await deletion.getUserSummary("user-1");
    expect(blockers.deleteUser.map((b) => [b.relation, b.rows])).toEqual([
      ["invoice(customer_id) -> customer(id)", 1],
    ]);
    expect(await refusal(deletion.deleteUser("user-1"))).toBe("blocked");
    expect(await everything()).toEqual(before);
    expect((await kit.strict.status()).operations).toHaveLength(operations);
  });
});
