import { sql } from "kysely";
import { expect, test } from "vitest";
import { ADA, BEN, CEM, fillSmall } from "./small-data.ts";
import { ADMIN, eachEngine, refusal } from "./stage.ts";
import type { State } from "./state.ts";

const NOBODY = { uid: "nobody", username: "nobody" };

eachEngine((stage) => {
  const staged = async () => {
    const small = await stage();
    await fillSmall(small);
    return { ...small, all: async () => (await small.everything()) as State };
  };

  test("bulk operations run in batches of 1000: 2,500 messages in three statements", async () => {
    const { forms, platform, queries } = await staged();
    queries();
    const contents = Array.from({ length: 2500 }, (_, n) => `message ${n}`);
    const ids = await forms.addMessages("f4", contents, BEN);
    expect(matching(queries(), /^insert into .form_messages/)).toBe(3);
    const { rows } = await sql<{
      n: number;
    }>`select count(*) as n from form_messages where form_id = 'f4'`.execute(platform.unscoped);
    expect([ids.length, Number(rows[0]?.n)]).toEqual([2500, 2501]);
  });

  test("the status of 1,500 forms is set in two statements, and each is in the history", async () => {
    const { forms, platform, queries } = await staged();
    const rows = Array.from({ length: 1500 }, (_, n) => ({
      id: `form ${n}`,
      user_id: "ada",
      project_id: "till",
      title: "a form",
    }));
    const { unscoped } = platform;
    await unscoped.insertInto("forms").values(rows).execute();
    queries();
    // Given twice is given once.
    await forms.setStatus([...rows.map(({ id }) => id), "form 0"], "completed", ADMIN);
    const sent = queries();
    expect([matching(sent, /^update .forms/), matching(sent, /^insert into .audit_logs/)]).toEqual([2, 2]);
    const completed = unscoped.selectFrom("forms").where("status", "=", "completed").select("id").execute();
    expect(await completed).toHaveLength(1500);
    const entries = unscoped
      .selectFrom("audit_logs")
      .where("description", "=", "completed")
      .select("resource_id")
      .distinct()
      .execute();
    expect(await entries).toHaveLength(1500);
    // A status that they have already is no error.
    expect(await refusal(forms.setStatus(["form 0"], "completed", ADMIN))).toBe("done");
  });

  test("1,200 users are made and become members in two statements each", async () => {
    const { users, groups, queries } = await staged();
    const people = Array.from({ length: 1200 }, (_, n) => ({
      username: `u${n}`,
      email: `u${n}@example.org`,
    }));
    queries();
    const uids = await users.createMany(people, ADMIN);
    expect(matching(queries(), /^insert into .users/)).toBe(2);
    await groups.addMembers("lab", uids, ADMIN);
    expect(matching(queries(), /^insert into .user_group/)).toBe(2);
    const lab = (await groups.list()).find(({ gid }) => gid === "lab");
    expect(lab?.members).toHaveLength(1202);
  });

  test("multi-step work is a transaction: all of it, or nothing of it", async () => {
    const small = await staged();
    const { users, groups, projects, forms, images } = small;
    const before = await small.all();
    const file = { filename: "new.yaml", content: "", resources: [{ kind: "pod", name: "one" }] } as const;
    const twice = { ...file, filename: "other.yaml", resources: [...file.resources, ...file.resources] };
    const request = { project_id: "till", image: "python", tag: "3.14" };
    const ends = [
      await refusal(users.createMany([{ username: "new", email: "new@example.org" }, ADA_AGAIN], ADMIN)),
      await refusal(groups.addMembers("shop", ["ada", "nobody"], ADMIN)),
      await refusal(groups.addMembers("shop", ["ada", "ben"], ADMIN)),
      await refusal(groups.create({ group_name: "new" }, NOBODY)),
      await refusal(projects.addConfigs("till", [file, { ...file, filename: "t1.yaml" }], ADMIN)),
      await refusal(projects.addConfigs("till", [file, twice], ADMIN)),
      await refusal(forms.addMessages("f4", ["one", "two"], NOBODY)),
      await refusal(forms.setStatus(["f4", "none"], "completed", ADMIN)),
      await refusal(images.request([request, { ...request, project_id: "none" }], ADA)),
      await refusal(images.request([request, { ...request, image: `x/${"y".repeat(150)}` }], ADA)),
    ];
    expect(ends).toEqual([
      "taken",
      "not-found",
      "taken",
      "not-found",
      "taken",
      "taken",
      "not-found",
      "not-found",
      "not-found",
      "invalid",
    ]);
    expect(await small.all()).toEqual(before);
  });

  test("an approval makes the repository, the tag, its status, the allow list and an entry in the history", async () => {
    const small = await staged();
    const { images, audit } = small;
    const image = "registry.example.org/team/app";
    const [id = ""] = await images.request([{ project_id: "vision", image, tag: "2.0" }], ADA);
    const allowId = await images.approve(id, BEN, "as agreed");
    expect((await images.allowed("vision")).find((allowed) => allowed.id === allowId)).toEqual({
      id: allowId,
      project_id: "vision",
      registry: "registry.example.org",
      name: "team/app",
      tag: "2.0",
      digest: null,
      status: "waiting",
    });
    expect(await images.listRequests({ status: "approved" })).toMatchObject([
      { id, reviewer_id: "ben", reviewer: "ben", username: "ada", reviewer_note: "as agreed" },
    ]);
    const history = await audit.list({ resource_id: id });
    expect(history.map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ["approve", "ben (ben)"],
      ["create", "ada (ada)"],
    ]);
    expect(await refusal(images.approve(id, BEN))).toBe("reviewed");
    expect(await refusal(images.reject(id, BEN, "no"))).toBe("reviewed");

    // The repository and the tag are there once, also for another project and for the image named in full.
    const again = await images.request([{ project_id: "speech", image, tag: "2.0" }], ADA);
    await images.approve(again[0] ?? "", BEN);
    const node = await images.request([{ project_id: "speech", image: "docker.io/node", tag: "24" }], ADA);
    await images.approve(node[0] ?? "", BEN);
    const repositories = (await images.listRepositories()).map((r) => [r.name, r.tags.map((t) => t.name)]);
    expect(repositories.toSorted()).toEqual([
      ["node", ["24"]],
      ["python", ["3.12", "3.13"]],
      ["team/app", ["2.0"]],
    ]);
  });

  test("names and ids are told apart by case, and words are searched whatever their case", async () => {
    const { users, groups, images, forms } = await staged();
    expect(await refusal(users.get("ADA"))).toBe("not-found");
    expect(await refusal(users.create({ username: "Ada", email: "Ada@example.org" }, ADMIN))).toBe("done");
    expect(await refusal(groups.create({ group_name: "LAB" }, ADA))).toBe("done");
    const requests = ["v1", "V1"].map((tag) => ({ project_id: "till", image: "docker.io/team/app", tag }));
    for (const id of await images.request(requests, ADA)) await images.approve(id, BEN);
    const allowed = (await images.allowed("till")).filter(({ name }) => name === "team/app");
    expect(allowed.map(({ tag }) => tag).toSorted()).toEqual(["V1", "v1"]);

    const id = await forms.create({ project_id: "till", title: "Memory", description: "Of a NODE" }, ADA);
    for (const words of ["memory", "MEMORY", "node memory"])
      expect((await forms.search(words)).map((form) => form.id)).toEqual([id]);
  });

  test("an approval whose last step fails leaves nothing: no repository, no tag, no status, no review, no entry", async () => {
    const small = await staged();
    const { images } = small;
    const request = { project_id: "vision", image: "python", tag: "3.12" };
    const [id = ""] = await images.request([request], ADA);
    const [unknown = ""] = await images.request([{ ...request, image: "ghcr.io/new/image" }], ADA);
    const before = await small.all();
    // The image is allowed in the project already.
    expect(await refusal(images.approve(id, BEN))).toBe("taken");
    expect(await small.all()).toEqual(before);
    // Of the new image everything is made before the reviewer is found not to exist.
    expect(await refusal(images.approve(unknown, NOBODY))).toBe("not-found");
    expect(await small.all()).toEqual(before);
  });

  test("taken names are refused, and references to what is not there are not found", async () => {
    const small = await staged();
    const { users, groups, projects, forms, images } = small;
    const before = await small.all();
    const ends = [
      await refusal(users.create({ username: "ada", email: "other@example.org" }, ADMIN)),
      await refusal(users.create({ username: "other", email: "ada@example.org" }, ADMIN)),
      await refusal(groups.create({ group_name: "lab" }, ADA)),
      await refusal(projects.create({ gid: "lab", project_name: "vision" }, ADA)),
      await refusal(projects.create({ gid: "none", project_name: "new" }, ADA)),
      await refusal(projects.addConfigs("none", [], ADA)),
      await refusal(groups.addMembers("none", [], ADA)),
      await refusal(groups.removeMember("lab", "cem", ADA)),
      await refusal(forms.create({ project_id: "none", title: "new" }, ADA)),
      await refusal(forms.create({ project_id: "vision", title: "new" }, NOBODY)),
      await refusal(forms.addMessages("none", [], ADA)),
      await refusal(images.approve("none", ADA)),
      await refusal(users.get("none")),
      await refusal(users.preview("none")),
      await refusal(users.destroy("none", ADMIN)),
      await refusal(projects.hide("none", ADMIN)),
    ];
    expect(ends).toEqual([
      "taken",
      "taken",
      "taken",
      "taken",
      ...Array.from({ length: 12 }, () => "not-found"),
    ]);
    expect(await small.all()).toEqual(before);
    // The same name is free in another group.
    expect(await refusal(projects.create({ gid: "shop", project_name: "vision" }, ADA))).toBe("done");
  });

  test("ids are made with nanoid: 20 characters for users, groups and projects, 21 for all else", async () => {
    const { users, groups, projects, forms, images, platform } = await stage();
    const user = await users.create({ username: "ada", email: "ada@example.org" }, ADMIN);
    const by = { uid: user.uid, username: "ada" };
    const gid = await groups.create({ group_name: "lab" }, by);
    const pid = await projects.create({ gid, project_name: "vision" }, by);
    const resources = [{ kind: "pod", name: "one", definition: { replicas: 2 } }] as const;
    const cfids = await projects.addConfigs(pid, [{ filename: "a.yaml", content: "", resources }], by);
    const form = await forms.create({ project_id: pid, title: "more memory" }, by);
    const messages = await forms.addMessages(form, ["please"], by);
    const requests = await images.request([{ project_id: pid, image: "python", tag: "3.14" }], by);
    const allowed = await images.approve(requests[0] ?? "", ADMIN);
    const made = async (table: "resources" | "container_tags", key: "rid" | "id") =>
      (
        await platform.unscoped
          .selectFrom(table)
          .select(key as "id")
          .execute()
      ).flatMap((r) => Object.values(r));
    expect([user.uid, gid, pid].map((id) => id.length)).toEqual([20, 20, 20]);
    const repositories = await images.listRepositories();
    const others = [
      ...cfids,
      ...(await made("resources", "rid")),
      form,
      ...messages,
      ...requests,
      allowed,
      ...repositories.map(({ id }) => id),
      ...(await made("container_tags", "id")),
    ];
    expect(others).toHaveLength(8);
    for (const id of [...others]) expect(id).toMatch(/^[0-9A-Za-z]{21}$/);
    // Who made a group owns it.
    expect((await groups.list()).find((group) => group.gid === gid)?.members).toEqual([
      { uid: user.uid, username: "ada", role: "owner" },
    ]);
  });

  test("who deletes themselves is kept in the history by name, and can be brought back by another", async () => {
    const small = await staged();
    const { users, audit } = small;
    const { operation } = await users.destroy("cem", CEM);
    const [entry] = await audit.list({ resource_id: "cem" });
    expect(entry).toMatchObject({ action: "delete", user_id: null, actor_name: "cem (cem)" });
    expect(await refusal(users.restore("cem", operation, ADMIN))).toBe("done");
    expect((await users.get("cem")).username).toBe("cem");
  });
});

const ADA_AGAIN = { username: "ada", email: "ada@example.org" };

const matching = (sent: readonly string[], pattern: RegExp): number =>
  sent.filter((query) => pattern.test(query)).length;
