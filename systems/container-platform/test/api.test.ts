import { expect, test } from "vitest";
import type { Removal } from "../services/removal.ts";
import { aForm, aGroup, aProject, done, type Named } from "./asking.ts";
import { served } from "./service.ts";
import { eachEngine } from "./stage.ts";

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
    const removed = await done<Removal>(ask(`DELETE /users/${uid}?way=destroy`));
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
    const removed = await done<Removal>(ask(`DELETE /groups/${gid}?way=destroy`));
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

    const { operation, rows } = await done<Removal>(ask(`DELETE /projects/${pid}`));
    expect(rows).toEqual({ projects: 1, config_files: 2 });
    expect((await ask(`GET /projects/${pid}`)).status).toBe(404);
    expect(await done(ask("GET /projects"))).toEqual([]);
    await done(ask(`POST /projects/${pid}/restore`, { operation }));
    expect(await ask(`GET /projects/${pid}`)).toMatchObject({
      status: 200,
      body: { project_name: "vision" },
    });
    expect((await done<Removal>(ask(`DELETE /projects/${pid}?way=destroy`))).rows).toEqual({
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

    const { operation, rows } = await done<Removal>(ask(`DELETE /forms/${memory}`));
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
    const { operation, rows } = await done<Removal>(ask(`DELETE /image-requests/${first}`));
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
});
