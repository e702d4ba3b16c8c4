import { expect, test } from "vitest";
import { ADMIN, eachEngine, type Stage } from "./stage.ts";

const LONG_AGO = new Date("2025-03-04T05:06:07.089Z");
const HIDDEN = { deleted_at: LONG_AGO };

/** Two users, a group, a live project and a hidden one. */
async function withProjects({ platform }: Stage): Promise<void> {
  const { unscoped } = platform;
  const people = ["ada", "ben"].map((uid) => ({ uid, username: uid, email: `${uid}@example.org` }));
  await unscoped.insertInto("users").values(people).execute();
  await unscoped.insertInto("groups").values({ gid: "G", group_name: "systems" }).execute();
  await unscoped.insertInto("user_group").values({ uid: "ada", gid: "G", role: "owner" }).execute();
  const projects = [
    { pid: "P1", gid: "G", project_name: "cluster", gpu_quota: 2, created_at: LONG_AGO },
    { pid: "P2", gid: "G", project_name: "old", ...HIDDEN },
  ];
  for (const project of projects) await unscoped.insertInto("projects").values(project).execute();
}

eachEngine((stage) => {
  test("complete views for common queries: five, and no other", async () => {
    const { db, platform } = await stage();
    const schema = platform.engine === "mariadb" ? "database()" : "current_schema()";
    const views = await db.rows(
      `select table_name as name from information_schema.views where table_schema = ${schema} order by 1`,
    );
    expect(views.map(({ name }) => name)).toEqual([
      "active_projects",
      "allowed_images",
      "group_members",
      "open_forms",
      "pending_image_requests",
    ]);
  });

  test("active_projects shows live projects with their group", async () => {
    const staged = await stage();
    await withProjects(staged);
    expect(await staged.platform.unscoped.selectFrom("active_projects").selectAll().execute()).toEqual([
      {
        pid: "P1",
        project_name: "cluster",
        gid: "G",
        group_name: "systems",
        gpu_quota: 2,
        created_at: LONG_AGO,
      },
    ]);
  });

  test("group_members shows who is in which group, and as what", async () => {
    const staged = await stage();
    await withProjects(staged);
    const members = staged.platform.unscoped.selectFrom("group_members").selectAll().orderBy("username");
    expect(await members.execute()).toEqual([
      { gid: "G", group_name: "systems", uid: "ada", username: "ada", role: "owner" },
      {
        gid: "administrators",
        group_name: "administrators",
        uid: "admin",
        username: "admin",
        role: "owner",
      },
    ]);
  });

  test("open_forms shows live forms that wait or are worked on, of live projects", async () => {
    const staged = await stage();
    await withProjects(staged);
    const form = { user_id: "ada", project_id: "P1", title: "memory", created_at: LONG_AGO };
    const forms = [
      { ...form, id: "F1" },
      { ...form, id: "F2", status: "processing" as const },
      { ...form, id: "F3", status: "completed" as const },
      { ...form, id: "F4", status: "rejected" as const },
      { ...form, id: "F5", ...HIDDEN },
      { ...form, id: "F6", project_id: "P2" },
    ];
    const { unscoped } = staged.platform;
    for (const one of forms) await unscoped.insertInto("forms").values(one).execute();
    const shown = { ...form, username: "ada", project_name: "cluster" };
    expect(await unscoped.selectFrom("open_forms").selectAll().orderBy("id").execute()).toEqual([
      { ...shown, id: "F1", status: "pending" },
      { ...shown, id: "F2", status: "processing" },
    ]);
  });

  test("pending_image_requests shows live requests that nobody has answered, of live projects", async () => {
    const staged = await stage();
    await withProjects(staged);
    const request = {
      user_id: "ben",
      project_id: "P1",
      image: "redis",
      tag: "7",
      created_at: LONG_AGO,
    };
    const requests = [
      { ...request, id: "R1" },
      { ...request, id: "R2", status: "approved" as const, reviewer_id: "ada" },
      { ...request, id: "R3", status: "rejected" as const, reviewer_id: "ada" },
      { ...request, id: "R4", ...HIDDEN },
      { ...request, id: "R5", project_id: "P2" },
    ];
    const { unscoped } = staged.platform;
    for (const one of requests) await unscoped.insertInto("image_requests").values(one).execute();
    expect(await unscoped.selectFrom("pending_image_requests").selectAll().execute()).toEqual([
      { ...request, id: "R1", username: "ben", project_name: "cluster" },
    ]);
  });

  test("allowed_images shows what a live project may run, and whether the cluster has it", async () => {
    const staged = await stage();
    await withProjects(staged);
    const { unscoped } = staged.platform;
    const repository = { id: "C", registry: "docker.io", name: "redis" };
    await unscoped.insertInto("container_repositories").values(repository).execute();
    const tags = ["6", "7", "8", "9"].map((name) => ({ id: `T${name}`, repository_id: "C", name }));
    await unscoped.insertInto("container_tags").values(tags).execute();
    const pulled = { id: "S", tag_id: "T6", status: "pulled" } as const;
    await unscoped.insertInto("cluster_image_statuses").values(pulled).execute();
    const allowed = { project_id: "P1", repository_id: "C", created_by: "ada" };
    const lists = [
      { ...allowed, id: "A1", tag_id: "T6" },
      { ...allowed, id: "A2", tag_id: "T7" },
      { ...allowed, id: "A3", tag_id: "T8", ...HIDDEN },
      { ...allowed, id: "A4", tag_id: "T9", is_enabled: false },
      { ...allowed, id: "A5", tag_id: "T6", project_id: "P2" },
    ];
    for (const one of lists) await unscoped.insertInto("image_allow_lists").values(one).execute();
    const shown = { project_id: "P1", registry: "docker.io", name: "redis", digest: null };
    expect(await unscoped.selectFrom("allowed_images").selectAll().orderBy("id").execute()).toEqual([
      { ...shown, id: "A1", tag: "6", status: "pulled" },
      { ...shown, id: "A2", tag: "7", status: "waiting" },
    ]);
  });

  test("initialization data: an installation begins with an administrator and the administrators' group", async () => {
    const { platform, everything } = await stage();
    const rows = Object.entries(await everything()).map(([table, all]) => [table, (all as object[]).length]);
    expect(rows.filter(([, count]) => count !== 0)).toEqual([
      ["groups", 1],
      ["user_group", 1],
      ["users", 1],
    ]);
    const { unscoped } = platform;
    const user = unscoped.selectFrom("users").select(["uid", "username", "role", "status"]);
    expect(await user.execute()).toEqual([
      { uid: "admin", username: "admin", role: "admin", status: "active" },
    ]);
    const member = unscoped.selectFrom("user_group").select(["uid", "gid", "role"]);
    expect(await member.execute()).toEqual([{ uid: "admin", gid: "administrators", role: "owner" }]);
  });

  test("timestamps: the database writes CreatedAt and UpdatedAt, and a change moves UpdatedAt alone", async () => {
    const staged = await stage();
    await withProjects(staged);
    const { platform, forms } = staged;
    const form = { user_id: "ada", project_id: "P1", title: "memory" };
    const old = { created_at: LONG_AGO, updated_at: LONG_AGO };
    await platform.unscoped
      .insertInto("forms")
      .values({ ...form, ...old, id: "F1" })
      .execute();
    await platform.unscoped
      .insertInto("forms")
      .values({ ...form, id: "F2" })
      .execute();
    await forms.setStatus(["F1"], "processing", ADMIN);
    const [changed, made] = await platform.unscoped
      .selectFrom("forms")
      .select(["created_at", "updated_at"])
      .orderBy("id")
      .execute();
    expect(changed?.created_at).toEqual(LONG_AGO);
    const hours = (time = LONG_AGO) => Math.round((Date.now() - time.getTime()) / 3_600_000);
    expect([changed?.updated_at, made?.created_at, made?.updated_at].map(hours)).toEqual([0, 0, 0]);
  });
});
