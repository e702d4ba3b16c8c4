import pg from "pg";
import { expect, test, vi } from "vitest";
import { api } from "../api.ts";
import type { Kit } from "../database.ts";
import { eachEngine, onServer } from "./stage.ts";

const USER = { id: "ada", name: "Ada", email: "ada@example.org" } as const;
const CUSTOMER = { authUserId: "ada", name: "Ada Ltd", plan: "PRO", stripeCustomerId: "cus_1" } as const;
const CLUSTER = { authUserId: "ada", name: "shop", location: "eu-west-1", plan: "PRO" } as const;
const LONG = "x".repeat(101);

/** Requests that must not get past the boundary, and the field that is at fault. */
const BAD: readonly (readonly [string, string, unknown, string | null])[] = [
  ["POST", "/users", "{", null],
  ["POST", "/users", "[1]", null],
  ["POST", "/users", { id: "ada", email: USER.email }, "name"],
  ["POST", "/users", { ...USER, id: "" }, "id"],
  ["POST", "/users", { ...USER, name: LONG }, "name"],
  ["POST", "/users", { ...USER, name: "A\u0000a" }, "name"],
  ["POST", "/users", { ...USER, email: "ada" }, "email"],
  ["POST", "/users", { ...USER, deletedAt: null }, ""],
  ["PATCH", "/users/ada", {}, ""],
  ["PATCH", "/users/ada", { email: "@" }, "email"],
  ["GET", "/users?limit=0", undefined, "limit"],
  ["GET", "/users?limit=101", undefined, "limit"],
  ["DELETE", `/users/${LONG}`, undefined, "id"],
  ["GET", `/users/${LONG}/summary`, undefined, "id"],
  ["POST", "/users/restore", {}, "operation"],
  ["POST", "/customers", { ...CUSTOMER, plan: "GOLD" }, "plan"],
  ["POST", "/customers", { ...CUSTOMER, stripeCustomerId: "1" }, "stripeCustomerId"],
  [
    "POST",
    "/customers",
    { ...CUSTOMER, plan: "FREE", stripeSubscriptionId: "sub_1" },
    "stripeSubscriptionId",
  ],
  [
    "POST",
    "/customers",
    { authUserId: "ada", name: "A", plan: "PRO", stripeSubscriptionId: "sub_1" },
    "stripeCustomerId",
  ],
  ["PATCH", "/customers/x", { name: "B" }, "id"],
  ["PATCH", "/customers/1", { plan: "FREE", stripeSubscriptionId: "sub_1" }, "stripeSubscriptionId"],
  ["PATCH", "/customers/1", { name: "B", authUserId: "ben" }, ""],
  ["DELETE", "/customers/-1", undefined, "id"],
  ["POST", "/customers/restore", { operation: "" }, "operation"],
  ["POST", "/clusters", { ...CLUSTER, name: "Shop!" }, "name"],
  ["POST", "/clusters", { ...CLUSTER, location: "the moon" }, "location"],
  ["POST", "/clusters", { ...CLUSTER, plan: null }, "plan"],
  ["POST", "/clusters", { ...CLUSTER, authUserId: 7 }, "authUserId"],
  ["PATCH", "/clusters/1", { status: "BROKEN" }, "status"],
  ["PATCH", "/clusters/99999999999", { name: "shop" }, "id"],
  ["PATCH", "/clusters/1", { id: 2 }, ""],
  ["GET", "/clusters?after=last", undefined, "after"],
  ["GET", "/clusters/1.5", undefined, "id"],
  ["DELETE", "/clusters/all", undefined, "id"],
  ["POST", "/clusters/restore", undefined, "operation"],
];

test.for(BAD)(
  "bad input gives a typed error and no database call: %s %s %j",
  async ([method, path, body, field]) => {
    const nothing = new Proxy({}, { get: () => expect.unreachable("the database was called") });
    const kit = Object.fromEntries(
      ["kysely", "live", "onlyDeleted", "strict", "controlled", "transaction"].map((name) => [name, nothing]),
    );
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const response = await api(kit as unknown as Kit).request(path, {
      method,
      ...(text !== undefined && { body: text }),
    });
    const answer = (await response.json()) as { code: string; details: readonly { field: string }[] };
    expect([response.status, answer.code]).toEqual([400, "invalid"]);
    expect(answer.details.map((d) => d.field)).toEqual(field === null ? [] : [field]);
  },
);

eachEngine((stage) => {
  test("users, customers and clusters are created, listed, read, changed and deleted", async () => {
    const { request } = await stage();
    expect(await request("POST", "/users", USER)).toMatchObject([201, { ...USER, deletedAt: null }]);
    expect(await request("POST", "/customers", CUSTOMER)).toMatchObject([201, { id: 1, ...CUSTOMER }]);
    expect(await request("POST", "/clusters", CLUSTER)).toMatchObject([
      201,
      { id: 1, ...CLUSTER, status: "PENDING" },
    ]);
    expect(await request("GET", "/users/ada")).toMatchObject([200, USER]);
    expect(await request("GET", "/customers?authUserId=ada")).toMatchObject([200, [CUSTOMER]]);
    expect(await request("GET", "/clusters?authUserId=ben")).toEqual([200, []]);
    expect(await request("GET", "/users")).toMatchObject([
      200,
      [{ id: "ada", clusters: [{ id: 1, plan: "PRO" }] }],
    ]);
    expect(await request("PATCH", "/users/ada", { name: "Ada L." })).toMatchObject([200, { name: "Ada L." }]);
    expect(await request("PATCH", "/customers/1", { plan: "BUSINESS" })).toMatchObject([
      200,
      { plan: "BUSINESS" },
    ]);
    expect(await request("PATCH", "/clusters/1", { status: "RUNNING" })).toMatchObject([
      200,
      { status: "RUNNING" },
    ]);
    const [status, removal] = await request("DELETE", "/clusters/1");
    expect([status, removal]).toEqual([
      200,
      { operation: expect.any(String), rows: { k8s_cluster_config: 1 } },
    ]);
    const { operation } = removal as { operation: string };
    expect((await request("GET", "/clusters/1"))[0]).toBe(404);
    expect((await request("POST", "/clusters/restore", { operation }))[0]).toBe(200);
    expect(await request("GET", "/clusters/1")).toMatchObject([200, { id: 1, status: "RUNNING" }]);
  });

  test("a user is summed up, hidden and taken back over HTTP", async () => {
    const { request } = await stage(2);
    const [, summary] = await request("GET", "/users/user-1/summary");
    expect(summary).toMatchObject({ user: "user-1", blockers: { softDeleteUser: [], deleteUser: [] } });
    const [, removal] = await request("DELETE", "/users/user-1");
    expect((await request("GET", "/users/user-1"))[0]).toBe(404);
    const { operation } = removal as { operation: string };
    expect((await request("POST", "/users/restore", { operation }))[0]).toBe(200);
    expect((await request("GET", "/users/user-1"))[0]).toBe(200);
  });

  test("refusals have a code and a status: not-found 404, taken, rule and conflict 409", async () => {
    const { request } = await stage();
    await request("POST", "/users", USER);
    await request("POST", "/clusters", CLUSTER);
    await request("POST", "/customers", { ...CUSTOMER, stripeSubscriptionId: "sub_1" });
    const refused = async (method: string, path: string, body?: unknown) => {
      const [status, answer] = await request(method, path, body);
      return [status, (answer as { code: string }).code];
    };
    expect(await refused("POST", "/users", { ...USER, id: "other" })).toEqual([409, "taken"]);
    expect(await refused("POST", "/users", { ...USER, email: "other@example.org" })).toEqual([409, "taken"]);
    expect(await refused("POST", "/clusters", CLUSTER)).toEqual([409, "taken"]);
    expect(await refused("POST", "/clusters", { ...CLUSTER, authUserId: "nobody" })).toEqual([
      404,
      "not-found",
    ]);
    expect(await refused("POST", "/customers", CUSTOMER)).toEqual([409, "taken"]);
    expect(await refused("PATCH", "/customers/1", { plan: "FREE" })).toEqual([409, "rule"]);
    expect(await refused("PATCH", "/clusters/9", { name: "x" })).toEqual([404, "not-found"]);
    expect(await refused("DELETE", "/users/nobody")).toEqual([404, "not-found"]);
    expect(await refused("POST", "/users/restore", { operation: "none" })).toEqual([404, "not-found"]);
    const [, removal] = await request("DELETE", "/clusters/1");
    await request("POST", "/clusters", CLUSTER);
    expect(
      await refused(
        "POST",
        "/clusters/restore",
        removal && { operation: (removal as { operation: string }).operation },
      ),
    ).toEqual([409, "conflict"]);
  });

  test.for([
    ["GET", "/users?limit=100"],
    ["GET", "/customers?limit=100"],
    ["GET", "/clusters?limit=100"],
    ["GET", "/clusters?authUserId=user-1"],
    ["GET", "/users/user-1"],
    ["GET", "/customers/1"],
    ["GET", "/clusters/1"],
    ["POST", "/users", USER],
    ["POST", "/customers", { authUserId: "user-1", name: "A second" }],
    ["PATCH", "/users/user-1", { name: "Ada" }],
    ["PATCH", "/customers/1", { name: "Ada" }],
    ["PATCH", "/clusters/1", { name: "shop" }],
  ] as const)(
    "no list loads row by row: %s %s is one query, whether there are 3 users or 60",
    async ([method, path, body]) => {
      for (const users of [3, 60]) {
        const { request, queries } = await stage(users);
        const [status] = await request(method, path, body);
        expect([status, queries().length]).toEqual([method === "POST" ? 201 : 200, 1]);
      }
    },
  );

  test("creating a cluster is one query, the check of its user included", async () => {
    const { request, queries } = await stage();
    await request("POST", "/users", USER);
    queries();
    expect((await request("POST", "/clusters", CLUSTER))[0]).toBe(201);
    expect(queries()).toHaveLength(1);
  });

  test("a list goes on after the last id of the page before", async () => {
    const { request } = await stage(5);
    const ids = async (path: string) =>
      ((await request("GET", path))[1] as { id: unknown }[]).map((r) => r.id);
    expect(await ids("/users?limit=2")).toEqual(["user-1", "user-2"]);
    expect(await ids("/users?limit=2&after=user-2")).toEqual(["user-3", "user-4"]);
    expect(await ids("/customers?limit=2&after=3")).toEqual([4, 5]);
  });
});

onServer((stage) => {
  test("neither a DELETE nor a summary sends statements row by row: 400 sessions take hardly more of them than one", async () => {
    const { kit, request, users } = await stage();
    const expires = new Date("2026-02-01");
    for (const [id, sessions] of [
      ["few", 1],
      ["many", 400],
    ] as const) {
      await users.create({ ...USER, id, email: `${id}@example.org` });
      const rows = Array.from({ length: sessions }, (_, n) => ({ id: `${id}-${n}`, userId: id, expires }));
      await kit.kysely.insertInto("session").values(rows).execute();
    }
    const client = vi.spyOn(pg.Client.prototype, "query");
    const sent = async (method: string, path: string) => {
      client.mockClear();
      expect((await request(method, path))[0]).toBe(200);
      return client.mock.calls.length;
    };
    for (const [method, path] of [
      ["GET", "/summary"],
      ["DELETE", ""],
    ] as const) {
      const few = await sent(method, `/users/few${path}`);
      expect(few).toBeGreaterThan(3);
      expect(await sent(method, `/users/many${path}`)).toBeLessThan(few + 20);
    }
    client.mockRestore();
  });
});
