import { describe, expect, test } from "vitest";
import { variants } from "../../../test/support/databases.ts";
import { openSession } from "../../../test/support/sessions.ts";
import { type Service, served } from "./service.ts";
import { eachEngine, eachServer } from "./stage.ts";

/** The body of an answer that went well. */
async function done<Body>(
  answer: Promise<{ readonly status: number; readonly body: unknown }>,
): Promise<Body> {
  const { status, body } = await answer;
  expect([status, status < 300 ? null : body]).toEqual([status, null]);
  return body as Body;
}

interface Named {
  readonly id: string;
}
interface Removed {
  readonly operation: string;
  readonly rows: Readonly<Record<string, number>>;
}

const aGroup = ({ ask }: Service, group_name = "lab") =>
  done<{ gid: string }>(ask("POST /groups", { group_name }));

async function aProject(service: Service, project_name = "vision"): Promise<string> {
  const { gid } = await aGroup(service, `group of ${project_name}`);
  return (await done<{ pid: string }>(service.ask("POST /projects", { gid, project_name }))).pid;
}

const aForm = async (service: Service, project_id: string, title = "more memory") =>
  (await done<Named>(service.ask("POST /forms", { project_id, title }))).id;

eachEngine((stage) => {
  test("users: created, listed with their groups, found, deleted with what is theirs, restored", async () => {
    const { ask } = await served(stage);
    const ada = { username: "ada", email: "ada@example.org" };
    const created = await ask("POST /users", ada);
    expect(created).toMatchObject({
      status: 201,
      body: { ...ada, full_name: null, role: "user", status: "active" },
    });
    const { uid } = created.body as { uid: string };
    expect(uid).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(await ask("GET /users/admin")).toMatchObject({
      status: 200,
      body: { username: "admin", role: "admin" },
    });
    const { gid } = await done<{ gid: string }>(ask("POST /groups", { group_name: "lab" }, uid));
    const users = await done<{ uid: string; groups: object[] }[]>(ask("GET /users"));
    expect(users.find((user) => user.uid === uid)?.groups).toEqual([
      { gid, group_name: "lab", role: "owner" },
    ]);

    const plan = await done<{ totals: object }>(ask(`GET /users/${uid}/deletion`));
    expect(plan).toMatchObject({ kind: "plan", verdict: "allowed", totals: { deleted: 2, updated: 1 } });
    const removed = await done<Removed>(ask(`DELETE /users/${uid}?way=destroy`));
    expect(removed.rows).toEqual({ users: 1, user_group: 1 });
    expect((await ask(`GET /users/${uid}`)).status).toBe(404);
    expect((await ask(`POST /users/${uid}/restore`, { operation: removed.operation })).status).toBe(204);
    expect(await ask(`GET /users/${uid}`)).toMatchObject({ status: 200, body: ada });
  });

  test("groups: members are added and removed; a group goes with its projects", async () => {
    const service = await served(stage);
    const { ask } = service;
    const { uid } = await done<{ uid: string }>(
      ask("POST /users", { username: "ada", email: "a@example.org" }),
    );
    const { gid } = await aGroup(service);
    expect((await ask(`POST /groups/${gid}/members`, { uids: [uid], role: "manager" })).status).toBe(204);
    await done(ask("POST /projects", { gid, project_name: "vision" }));
    const groups = await done<{ gid: string; members: { uid: string }[]; projects: object[] }[]>(
      ask("GET /groups"),
    );
    const lab = groups.find((group) => group.gid === gid);
    expect(lab?.members.map((member) => member.uid).sort()).toEqual([uid, "admin"].sort());
    expect(lab?.projects).toMatchObject([{ project_name: "vision" }]);
    expect((await ask(`DELETE /groups/${gid}/members/${uid}`)).status).toBe(204);
    expect((await ask(`DELETE /groups/${gid}/members/${uid}`)).status).toBe(404);
    const removed = await done<Removed>(ask(`DELETE /groups/${gid}?way=destroy`));
    expect(removed.rows).toEqual({ groups: 1, user_group: 1, projects: 1 });
    expect((await ask(`GET /groups/${gid}`)).status).toBe(404);
    await done(ask(`POST /groups/${gid}/restore`, { operation: removed.operation }));
    expect(await ask(`GET /groups/${gid}`)).toMatchObject({ status: 200, body: { group_name: "lab" } });
  });

  test("projects: with configuration files and resources; hidden unless told otherwise, and brought back", async () => {
    const service = await served(stage);
    const { ask } = service;
    const pid = await aProject(service);
    const files = [
      {
        filename: "app.yaml",
        content: "kind: List\n",
        resources: [{ kind: "pod", name: "app", definition: { image: "app:1" } }],
      },
      { filename: "empty.yaml", content: "kind: List\n" },
    ];
    expect(
      (await done<{ cfids: string[] }>(ask(`POST /projects/${pid}/configs`, { files }))).cfids.length,
    ).toBe(2);
    expect(await done(ask("GET /projects"))).toMatchObject([
      {
        pid,
        group_name: "group of vision",
        gpu_quota: 0,
        configs: [
          { filename: "app.yaml", resources: [{ kind: "pod", name: "app" }] },
          { filename: "empty.yaml", resources: [] },
        ],
      },
    ]);
    expect(await done(ask("GET /projects?gid=administrators"))).toEqual([]);

    const { operation, rows } = await done<Removed>(ask(`DELETE /projects/${pid}`));
    expect(rows).toEqual({ projects: 1, config_files: 2 });
    expect((await ask(`GET /projects/${pid}`)).status).toBe(404);
    expect(await done(ask("GET /projects"))).toEqual([]);
    await done(ask(`POST /projects/${pid}/restore`, { operation }));
    expect(await ask(`GET /projects/${pid}`)).toMatchObject({
      status: 200,
      body: { project_name: "vision" },
    });
    expect((await done<Removed>(ask(`DELETE /projects/${pid}?way=destroy`))).rows).toEqual({
      projects: 1,
      config_files: 2,
      resources: 1,
    });
  });

  test("forms: with messages, searched by their words, set to a status, hidden and brought back", async () => {
    const service = await served(stage);
    const { ask } = service;
    const pid = await aProject(service);
    const memory = await aForm(service, pid, "more memory");
    const volume = await aForm(service, pid, "another volume");
    const { ids } = await done<{ ids: string[] }>(
      ask(`POST /forms/${memory}/messages`, { contents: ["16 GB, please", "for\nthe course"] }),
    );
    expect(ids.length).toBe(2);
    const [found, ...others] = await done<{ id: string; messages: { content: string }[] }[]>(
      ask("GET /forms/search?words=memory"),
    );
    expect([found?.id, others.length]).toEqual([memory, 0]);
    expect(found?.messages.map(({ content }) => content).sort()).toEqual([
      "16 GB, please",
      "for\nthe course",
    ]);
    expect((await ask("PUT /forms/status", { ids: [memory, volume], status: "completed" })).status).toBe(204);
    const list = (query: string) => done<Named[]>(ask(`GET /forms?${query}`));
    expect((await list("status=completed")).length).toBe(2);
    expect((await list("status=pending")).length).toBe(0);
    expect((await list(`project_id=${pid}&user_id=admin`)).length).toBe(2);
    expect((await list("user_id=nobody")).length).toBe(0);

    const { operation, rows } = await done<Removed>(ask(`DELETE /forms/${memory}`));
    expect(rows).toEqual({ forms: 1, form_messages: 2 });
    expect(await done(ask("GET /forms/search?words=memory"))).toEqual([]);
    expect((await ask(`POST /forms/${memory}/messages`, { contents: ["late"] })).status).toBe(404);
    await done(ask(`POST /forms/${memory}/restore`, { operation }));
    expect((await done<Named[]>(ask("GET /forms/search?words=memory"))).map(({ id }) => id)).toEqual([
      memory,
    ]);
  });

  test("image requests: asked for, approved or rejected once, and the image is allowed in its project", async () => {
    const service = await served(stage);
    const { ask } = service;
    const project_id = await aProject(service);
    const image = "registry.example.org/team/app";
    const { ids } = await done<{ ids: [string, string] }>(
      ask("POST /image-requests", {
        requests: [
          { project_id, image, tag: "1.0" },
          { project_id, image, tag: "2.0" },
        ],
      }),
    );
    const [first, second] = ids;
    const { allowed } = await done<{ allowed: string }>(ask(`POST /image-requests/${first}/approve`, {}));
    expect((await ask(`POST /image-requests/${second}/reject`, { note: "too large" })).status).toBe(204);
    expect(await ask(`POST /image-requests/${second}/approve`)).toMatchObject({
      status: 409,
      body: { code: "reviewed", message: "The request was rejected already." },
    });
    expect(await done(ask(`GET /projects/${project_id}/images`))).toEqual([
      {
        id: allowed,
        project_id,
        registry: "registry.example.org",
        name: "team/app",
        tag: "1.0",
        digest: null,
        status: "waiting",
      },
    ]);
    expect(await done(ask("GET /repositories"))).toMatchObject([
      { registry: "registry.example.org", name: "team/app", tags: [{ name: "1.0", status: "waiting" }] },
    ]);
    expect(await done(ask("GET /image-requests?status=rejected"))).toMatchObject([
      {
        id: second,
        username: "admin",
        reviewer: "admin",
        reviewer_note: "too large",
        project_name: "vision",
      },
    ]);
    const { operation, rows } = await done<Removed>(ask(`DELETE /image-requests/${first}`));
    expect(rows).toEqual({ image_requests: 1 });
    expect((await done<object[]>(ask("GET /image-requests"))).length).toBe(1);
    await done(ask(`POST /image-requests/${first}/restore`, { operation }));
    expect((await ask(`GET /image-requests/${first}`)).status).toBe(200);
  });

  test("the history says who did what, newest first, by page", async () => {
    const service = await served(stage);
    const pid = await aProject(service);
    await service.ask(`DELETE /projects/${pid}`);
    type Entry = {
      id: number;
      actor_name: string;
      action: string;
      resource_type: string;
      resource_id: string;
    };
    const entries = await done<Entry[]>(service.ask(`GET /audit?resource_type=project&resource_id=${pid}`));
    expect(entries.map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ["delete", "admin (admin)"],
      ["create", "admin (admin)"],
    ]);
    const [newest] = await done<Entry[]>(service.ask("GET /audit?limit=1"));
    expect(newest?.id).toBe(entries[0]?.id);
    const [next] = await done<Entry[]>(service.ask(`GET /audit?limit=1&after=${newest?.id}`));
    expect(next?.id).toBe(entries[1]?.id);
  });

  test("a list is a page of 20 unless told otherwise and 100 at most, and goes on after the last id", async () => {
    const { ask } = await served(stage, { users: 120 });
    const page = (query: string) => done<{ uid: string }[]>(ask(`GET /users${query}`));
    expect((await page("")).length).toBe(20);
    const hundred = await page("?limit=100");
    expect(hundred.length).toBe(100);
    const rest = await page(`?limit=100&after=${hundred.at(-1)?.uid}`);
    expect(rest.length).toBe(21);
    expect(new Set([...hundred, ...rest].map(({ uid }) => uid)).size).toBe(121);
    expect((await ask("GET /users?limit=101")).status).toBe(400);
  });

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
    const { operation } = await done<Removed>(ask(`DELETE /projects/${pid}`));
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
    test("is not deleted: 409, try again, and nothing was done", async () => {
      const service = await served(stage);
      const { stage: own, ask } = service;
      const pid = await aProject(service);
      const variant = variants.find(({ engine }) => engine === own.platform.engine);
      if (variant === undefined) throw new Error("no such engine");
      const session = await openSession(own.db, variant);
      await session.run("begin");
      await session.run(`update projects set description = 'locked' where pid = '${pid}'`);
      expect(await ask(`DELETE /projects/${pid}?way=destroy`)).toMatchObject({
        status: 409,
        body: { code: "busy" },
      });
      await session.run("rollback");
      await session.end();
      expect((await ask(`GET /projects/${pid}`)).status).toBe(200);
      expect((await ask(`DELETE /projects/${pid}?way=destroy`)).status).toBe(200);
    });
  });
});
