import { describe, expect, test } from "vitest";
import { variants } from "../../../test/support/databases.ts";
import { openSession } from "../../../test/support/sessions.ts";
import type { Removal } from "../services/removal.ts";
import { aProject, done } from "./asking.ts";
import { served } from "./service.ts";
import { eachEngine, eachServer } from "./stage.ts";

eachEngine((stage) => {
  test("what does not fit is answered with 400 and its field, before any query but the one for who asks", async () => {
    const { ask, queries } = await served(stage);
    const long = "x".repeat(201);
    const project_id = "p";
    const bad: [string, object | undefined, string][] = [
      ["GET /users?limit=0", undefined, "limit"],
      ["GET /users?limit=ten", undefined, "limit"],
      ["GET /users?after=no%20id", undefined, "after"],
      ["GET /users?before=a", undefined, ""],
      ["GET /users/no%20id", undefined, "id"],
      ["POST /users", { username: "ada" }, "email"],
      ["POST /users", { username: "ada", email: "ada" }, "email"],
      ["POST /users", { username: "a\u0000b", email: "a@example.org" }, "username"],
      ["POST /users", { username: " ", email: "a@example.org" }, "username"],
      ["POST /users", { username: "ada", email: "a@example.org", role: "root" }, "role"],
      ["DELETE /users/admin", undefined, "way"],
      ["DELETE /users/admin?way=hide", undefined, "way"],
      ["DELETE /groups/administrators", undefined, "way"],
      ["POST /users/admin/restore", undefined, "operation"],
      ["POST /groups", { group_name: long }, "group_name"],
      ["POST /groups/g/members", { uids: [] }, "uids"],
      ["POST /projects", { gid: "g", project_name: "p", gpu_quota: -1 }, "gpu_quota"],
      ["POST /projects", { gid: "g", project_name: "p", gpu_quota: "1" }, "gpu_quota"],
      ["POST /projects/p/configs", { files: [{ filename: "f" }] }, "files.0.content"],
      ["GET /forms?status=open", undefined, "status"],
      ["GET /forms/search", undefined, "words"],
      ["POST /forms", { project_id, title: long }, "title"],
      ["POST /forms", { project_id, title: "t", description: "x".repeat(16_001) }, "description"],
      ["POST /forms", { project_id, title: "t", user_id: "ada" }, ""],
      ["POST /forms/f/messages", { contents: [""] }, "contents.0"],
      ["PUT /forms/status", { ids: ["a"], status: "open" }, "status"],
      ["DELETE /forms/f?way=away", undefined, "way"],
      [
        "POST /image-requests",
        { requests: [{ project_id, image: "Not An Image", tag: "1" }] },
        "requests.0.image",
      ],
      ["POST /image-requests", { requests: [{ project_id, image: "app", tag: "-" }] }, "requests.0.tag"],
      ["POST /image-requests/r/reject", undefined, "note"],
      ["GET /audit?after=last", undefined, "after"],
    ];
    for (const [route, input, field] of bad) {
      queries();
      const { status, body } = await ask(route, input);
      expect([route, status, body]).toMatchObject([route, 400, { code: "invalid", details: [{ field }] }]);
      expect([route, queries().length]).toEqual([route, 1]);
    }
    expect(await ask("POST /users", [] as object)).toMatchObject({
      status: 400,
      body: { message: "The body is no JSON object." },
    });
  });

  test("a body of more than 10 MB is refused", async () => {
    const { ask } = await served(stage);
    const contents = [`${"x".repeat(10 * 1024 * 1024)}`];
    expect(await ask("POST /forms/f/messages", { contents })).toMatchObject({
      status: 413,
      body: { code: "too-large" },
    });
  });

  test("who acts has to be a user who is not suspended; health and metrics ask nobody", async () => {
    const { stage: own, ask } = await served(stage);
    await own.users.createMany([{ username: "ada", email: "ada@example.org", full_name: null }], {
      uid: "admin",
      username: "admin",
    });
    await own.platform.unscoped
      .updateTable("users")
      .set({ status: "suspended" })
      .where("username", "=", "ada")
      .execute();
    const { uid } = await own.platform.live
      .selectFrom("users")
      .select("uid")
      .where("username", "=", "ada")
      .executeTakeFirstOrThrow();
    expect(await ask("GET /users", undefined, "")).toMatchObject({
      status: 401,
      body: { code: "unknown-actor" },
    });
    expect((await ask("POST /groups", { group_name: "lab" }, "nobody")).status).toBe(401);
    expect(await ask("GET /users", undefined, uid)).toMatchObject({
      status: 403,
      body: { code: "suspended" },
    });
    expect((await ask("GET /health", undefined, "")).status).toBe(200);
    expect((await ask("GET /metrics", undefined, "")).status).toBe(200);
  });

  test("a refusal is answered by its status: 404 for what is not there, 409 for what is taken or in the way", async () => {
    const service = await served(stage);
    const { ask } = service;
    const pid = await aProject(service);
    for (const route of ["users", "groups", "projects", "forms", "image-requests"]) {
      expect(await ask(`GET /${route}/none`)).toMatchObject({ status: 404, body: { code: "not-found" } });
      expect([route, (await ask(`GET /${route}/none/deletion`)).status]).toEqual([route, 404]);
      expect([route, (await ask(`DELETE /${route}/none?way=destroy`)).status]).toEqual([route, 404]);
      expect([route, (await ask(`POST /${route}/none/restore`, { operation: "none" })).status]).toEqual([
        route,
        404,
      ]);
    }
    expect(await ask("GET /nowhere")).toMatchObject({
      status: 404,
      body: { message: "There is no such route." },
    });
    expect((await ask("POST /forms", { project_id: "none", title: "t" })).status).toBe(404);
    expect(await ask("POST /groups", { group_name: "administrators" })).toMatchObject({
      status: 409,
      body: { code: "taken" },
    });
    const { operation } = await done<Removal>(ask(`DELETE /projects/${pid}`));
    await ask(`DELETE /projects/${pid}?way=destroy`);
    expect(await ask(`POST /projects/${pid}/restore`, { operation })).toMatchObject({
      status: 409,
      body: { code: "conflict", details: [{ kind: "row-gone", table: "projects" }] },
    });
  });

  test("health: 200 with the database and the pool while the database answers", async () => {
    const { ask } = await served(stage);
    expect(await ask("GET /health")).toMatchObject({
      status: 200,
      body: { healthy: true, database: "answers", pool: { waiting: 0 } },
    });
  });

  test("health: 503 where the tables are gone", async () => {
    const { stage: own, ask } = await served(stage);
    await own.db.exec(
      own.platform.engine === "mariadb" ? "drop table user_group" : "drop table user_group cascade",
    );
    expect((await ask("GET /health")).status).toBe(200);
    await own.db.exec(
      own.platform.engine === "mariadb"
        ? "set foreign_key_checks = 0; drop table users; set foreign_key_checks = 1"
        : "drop table users cascade",
    );
    expect(await ask("GET /health")).toMatchObject({
      status: 503,
      body: { healthy: false, database: "does not answer" },
    });
  });
});

eachServer((stage) => {
  test("health: 503 where no connection is free for two seconds", async () => {
    const { stage: own, ask } = await served(stage);
    const gate = Promise.withResolvers<void>();
    const all = Promise.all(Array.from({ length: 6 }, () => own.platform.transaction(() => gate.promise)));
    await expect.poll(async () => (await ask("GET /health")).status, { timeout: 20_000 }).toBe(503);
    gate.resolve();
    await all;
    expect((await ask("GET /health")).status).toBe(200);
  });
});

describe("a row that another transaction has locked", () => {
  eachServer((stage) => {
    test("is not deleted: 503, try again, and nothing was done", async () => {
      const service = await served(stage);
      const { stage: own, ask } = service;
      const pid = await aProject(service);
      const variant = variants.find(({ engine }) => engine === own.platform.engine);
      if (variant === undefined) throw new Error("no such engine");
      const session = await openSession(own.db, variant);
      await session.run("begin");
      await session.run(`update projects set description = 'locked' where pid = '${pid}'`);
      expect(await ask(`DELETE /projects/${pid}?way=destroy`)).toMatchObject({
        status: 503,
        body: { code: "busy" },
      });
      await session.run("rollback");
      await session.end();
      expect((await ask(`GET /projects/${pid}`)).status).toBe(200);
      expect((await ask(`DELETE /projects/${pid}?way=destroy`)).status).toBe(200);
    });
  });
});
