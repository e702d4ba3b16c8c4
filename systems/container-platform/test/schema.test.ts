import { expect, test } from "vitest";
import { ADMIN, eachEngine } from "./stage.ts";

/** Every foreign key and what a delete does by it: 19 CASCADE, 3 SET NULL. */
const RELATIONS = [
  ["audit_logs(user_id) -> users(uid)", "set null"],
  ["cluster_image_statuses(tag_id) -> container_tags(id)", "cascade"],
  ["config_files(pid) -> projects(pid)", "cascade"],
  ["container_tags(repository_id) -> container_repositories(id)", "cascade"],
  ["course_workloads(project_id) -> projects(pid)", "cascade"],
  ["course_workloads(user_id) -> users(uid)", "cascade"],
  ["form_messages(form_id) -> forms(id)", "cascade"],
  ["form_messages(user_id) -> users(uid)", "cascade"],
  ["forms(project_id) -> projects(pid)", "cascade"],
  ["forms(user_id) -> users(uid)", "cascade"],
  ["image_allow_lists(created_by) -> users(uid)", "cascade"],
  ["image_allow_lists(project_id) -> projects(pid)", "cascade"],
  ["image_allow_lists(repository_id) -> container_repositories(id)", "cascade"],
  ["image_allow_lists(request_id) -> image_requests(id)", "set null"],
  ["image_allow_lists(tag_id) -> container_tags(id)", "cascade"],
  ["image_requests(project_id) -> projects(pid)", "cascade"],
  ["image_requests(reviewer_id) -> users(uid)", "set null"],
  ["image_requests(user_id) -> users(uid)", "cascade"],
  ["projects(gid) -> groups(gid)", "cascade"],
  ["resources(cfid) -> config_files(cfid)", "cascade"],
  ["user_group(gid) -> groups(gid)", "cascade"],
  ["user_group(uid) -> users(uid)", "cascade"],
];

const PRIMARY_KEYS = {
  audit_logs: ["id"],
  cluster_image_statuses: ["id"],
  config_files: ["cfid"],
  container_repositories: ["id"],
  container_tags: ["id"],
  course_workloads: ["id"],
  form_messages: ["id"],
  forms: ["id"],
  groups: ["gid"],
  image_allow_lists: ["id"],
  image_requests: ["id"],
  projects: ["pid"],
  resources: ["rid"],
  user_group: ["uid", "gid"],
  users: ["uid"],
};

const ENUMERATIONS = [
  ["audit_logs.action", "create, update, delete, restore, approve, reject"],
  ["cluster_image_statuses.status", "waiting, pulling, pulled, failed"],
  ["course_workloads.status", "queued, running, succeeded, failed"],
  ["forms.status", "pending, processing, completed, rejected"],
  ["image_requests.status", "pending, approved, rejected"],
  ["resources.kind", "pod, deployment, service, config_map, ingress, job"],
  ["user_group.role", "member, manager, owner"],
  ["users.role", "user, manager, admin"],
  ["users.status", "active, suspended"],
];

const lengthOf = (type = "") => Number(/\((\d+)\)/.exec(type)?.[1]);

eachEngine((stage) => {
  test("check --data has no error and no warning, and four remarks on what is meant", async () => {
    const { platform } = await stage(40);
    const { findings, summary } = await platform.ondelete.check({ data: true });
    expect([summary.errors, summary.warnings]).toEqual([0, 0]);
    expect(findings.map((f) => [f.severity, f.rule, f.object])).toEqual([
      ["info", "multiple-cascade-paths", "form_messages"],
      ["info", "multiple-cascade-paths", "image_allow_lists"],
      ["info", "cascade-vs-set-null", "image_allow_lists(request_id) -> image_requests(id)"],
      ["info", "cascade-vs-set-null", "image_requests(reviewer_id) -> users(uid)"],
    ]);
  });

  test("fifteen tables, each with its primary key: UID, GID, PID, CFID, RID, ID, and (UID, GID) of user_group", async () => {
    const { tables } = await (await stage()).platform.ondelete.inspect();
    expect(Object.fromEntries(tables.map((t) => [t.name, t.primaryKey]))).toEqual(PRIMARY_KEYS);
  });

  test("foreign keys on all relationships: 22, of which 19 CASCADE and 3 SET NULL", async () => {
    const { relations } = await (await stage()).platform.ondelete.inspect();
    expect(relations.map((r) => [r.id, r.onDelete])).toEqual(RELATIONS);
    expect(relations.filter((r) => r.enforcedBy !== "database" || r.enforced !== true)).toEqual([]);
    const actions = Map.groupBy(relations, (r) => r.onDelete);
    expect([relations.length, actions.get("cascade")?.length, actions.get("set null")?.length]).toEqual([
      22, 19, 3,
    ]);
  });

  test("users are referenced by seven tables, in eight columns", async () => {
    const { relations } = await (await stage()).platform.ondelete.inspect();
    const own = relations.filter((r) => r.parent === "users");
    expect([new Set(own.map((r) => r.child)).size, own.length]).toEqual([7, 8]);
  });

  test("user ids, group ids and project ids have 20 characters, all others 21, and references the type of what they reference", async () => {
    const { tables, relations } = await (await stage()).platform.ondelete.inspect();
    const type = (table: string, column = "") =>
      tables.find((t) => t.id === table)?.columns.find((c) => c.name === column)?.type;
    const lengths = Object.entries(PRIMARY_KEYS)
      .filter(([table]) => table !== "audit_logs")
      .flatMap(([table, key]) => key.map((column) => [table, column, lengthOf(type(table, column))]));
    const short = lengths.filter(([, , length]) => length === 20);
    expect(short.map(([table, column]) => `${table}.${column}`)).toEqual([
      "groups.gid",
      "projects.pid",
      "user_group.uid",
      "user_group.gid",
      "users.uid",
    ]);
    expect(lengths.filter(([, , length]) => length === 21)).toHaveLength(10);
    expect(lengths).toHaveLength(15);
    const mixed = relations.filter((r) => type(r.child, r.columns[0]) !== type(r.parent, r.parentColumns[0]));
    expect(mixed).toEqual([]);
  });

  test("all ids are made with nanoid, and those of audit logs count by themselves", async () => {
    const { platform, users, groups, projects, forms, images } = await stage();
    const uid = (await users.create({ username: "ada", email: "ada@example.org" }, ADMIN)).uid;
    const ada = { uid, username: "ada" };
    const gid = await groups.create({ group_name: "systems" }, ada);
    const pid = await projects.create({ gid, project_name: "cluster" }, ada);
    const file = {
      filename: "a.yaml",
      content: "",
      resources: [{ kind: "pod", name: "a" }],
    } as const;
    const [cfid] = await projects.addConfigs(pid, [file], ada);
    const form = await forms.create({ project_id: pid, title: "memory" }, ada);
    const [message] = await forms.addMessages(form, ["now"], ada);
    const [request = ""] = await images.request([{ project_id: pid, image: "redis", tag: "7" }], ada);
    const allowed = await images.approve(request, ADMIN);
    const own = async (table: "container_repositories" | "container_tags" | "cluster_image_statuses") =>
      (await platform.unscoped.selectFrom(table).select("id").executeTakeFirst())?.id;
    const rid = (await platform.unscoped.selectFrom("resources").select("rid").executeTakeFirst())?.rid;
    for (const short of [uid, gid, pid]) expect(short).toMatch(/^[0-9A-Za-z]{20}$/);
    const image = [request, allowed, await own("container_repositories"), await own("container_tags")];
    for (const long of [cfid, rid, form, message, ...image, await own("cluster_image_statuses")])
      expect(long).toMatch(/^[0-9A-Za-z]{21}$/);
    const logs = await platform.unscoped.selectFrom("audit_logs").select("id").orderBy("id").execute();
    expect(logs.map(({ id }) => Number(id))).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test("ids that differ in case alone are two, and a reference has the one that it says", async () => {
    const { platform } = await stage();
    const { unscoped } = platform;
    const groups = ["Vx7", "vX7"].map((gid) => ({ gid, group_name: `of ${gid} ${gid === "Vx7" ? 1 : 2}` }));
    await unscoped.insertInto("groups").values(groups).execute();
    const project = { pid: "p", project_name: "cluster" };
    await unscoped
      .insertInto("projects")
      .values({ ...project, gid: "vX7" })
      .execute();
    await expect(
      unscoped
        .insertInto("projects")
        .values({ ...project, pid: "q", gid: "VX7" })
        .execute(),
    ).rejects.toThrow(/foreign key constraint/);
    await unscoped.deleteFrom("groups").where("gid", "=", "Vx7").execute();
    const left = await unscoped.selectFrom("active_projects").select(["pid", "gid"]).execute();
    expect(left).toEqual([{ pid: "p", gid: "vX7" }]);
  });

  test("ENUM types for all status fields: each is an enumeration of the engine", async () => {
    const { tables } = await (await stage()).platform.ondelete.inspect();
    const found = tables.flatMap((t) =>
      t.columns.flatMap((c) => (c.enumValues ? [[`${t.name}.${c.name}`, c.enumValues.join(", ")]] : [])),
    );
    expect(found.toSorted()).toEqual(ENUMERATIONS);
    const statuses = tables.flatMap((t) => t.columns.filter((c) => c.name === "status"));
    expect(statuses.filter((c) => c.enumValues === null)).toEqual([]);
  });

  test("an enumeration refuses a value that is none of its own", async () => {
    const { db, everything } = await stage(40);
    const before = await everything();
    for (const [field = ""] of ENUMERATIONS) {
      const [table, column] = field.split(".");
      await expect(db.exec(`update ${table} set ${column} = 'nonsense'`), field).rejects.toThrow(
        /invalid input value for enum|Data truncated/,
      );
    }
    expect(await everything()).toEqual(before);
  });

  test("foreign key constraints prevent orphaned records: no row is taken below one that does not exist", async () => {
    const { db, platform } = await stage(40);
    const { relations } = await platform.ondelete.inspect();
    expect(relations).toHaveLength(22);
    for (const { id, child, columns } of relations) {
      const key = PRIMARY_KEYS[child as keyof typeof PRIMARY_KEYS];
      const [row] = await db.rows(`select * from "${child}" order by 1, 2 limit 1`);
      const where = key.map((name) => `${name} = '${row?.[name]}'`).join(" and ");
      await expect(
        db.exec(`update "${child}" set ${columns[0]} = 'nobody' where ${where}`),
        id,
      ).rejects.toThrow(/foreign key constraint/);
    }
    expect((await platform.ondelete.orphans()).relations.filter((r) => r.rows > 0)).toEqual([]);
  });

  test("constraints enforce business rules: a quota or a size below 0 is refused", async () => {
    const { db, everything } = await stage(40);
    const before = await everything();
    for (const change of ["projects set gpu_quota = -1", "container_tags set size_bytes = -1"])
      await expect(db.exec(`update ${change}`)).rejects.toThrow(
        /violates check constraint|CONSTRAINT .* failed/,
      );
    expect(await everything()).toEqual(before);
  });

  test("every table has CreatedAt and UpdatedAt, but for audit logs, which nobody updates", async () => {
    const { tables } = await (await stage()).platform.ondelete.inspect();
    const having = (name: string) => tables.filter((t) => t.columns.some((c) => c.name === name));
    expect(having("created_at")).toHaveLength(15);
    const without = tables.filter((t) => !having("updated_at").includes(t));
    expect(without.map((t) => t.name)).toEqual(["audit_logs"]);
    const loose = tables.flatMap((t) =>
      t.columns.filter((c) => /^(?:cre|upd)ated_at$/.test(c.name) && (c.nullable || c.default === null)),
    );
    expect(loose).toEqual([]);
  });

  test("soft delete is supported where it applies: deleted_at of six tables", async () => {
    const { tables } = await (await stage()).platform.ondelete.inspect();
    const marked = tables.filter((t) => t.softDelete).map((t) => [t.name, t.softDelete?.column]);
    expect(marked).toEqual(
      ["config_files", "form_messages", "forms", "image_allow_lists", "image_requests", "projects"].map(
        (name) => [name, "deleted_at"],
      ),
    );
  });
});
