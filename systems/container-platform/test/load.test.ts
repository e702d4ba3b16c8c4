import { sql } from "kysely";
import { expect, test } from "vitest";
import { connect } from "../database.ts";
import { closed } from "../pool.ts";
import { rowsIn, type SampleRows, sampleRows } from "../sample-data.ts";
import { servicesOf } from "../services/platform-services.ts";
import { type Watched, watched } from "./plans.ts";
import { ADMIN, eachEngine, type Stage, type Staging } from "./stage.ts";

/** Some 206,000 rows. */
const USERS = 5_000;

const MINUTES = 5 * 60_000;

/** All that reference another table. */
const CHILDREN = [
  "user_group",
  "projects",
  "config_files",
  "resources",
  "forms",
  "form_messages",
  "container_tags",
  "image_requests",
  "image_allow_lists",
  "cluster_image_statuses",
  "audit_logs",
  "course_workloads",
];

interface Loaded extends Stage {
  readonly rows: SampleRows;
}

async function loaded(stage: Staging): Promise<Loaded> {
  const staged = await stage(USERS);
  await analysed(staged);
  return { ...staged, rows: sampleRows(USERS) };
}

/** As the server does by itself in time. */
async function analysed({ db, platform }: Stage): Promise<void> {
  const tables = Object.keys(sampleRows(1));
  await db.exec(platform.engine === "mariadb" ? tables.map((name) => `analyze table "${name}"`) : "analyze");
}

eachEngine((stage, engine) => {
  let once: Promise<Loaded> | undefined;
  const ready = () => {
    once ??= loaded(stage);
    return once;
  };

  test("200,000 rows", { timeout: MINUTES }, async () => {
    const { db, rows } = await ready();
    const counted = await Promise.all(
      Object.keys(rows).map(async (name) =>
        Number((await db.rows(`select count(*) as n from "${name}"`))[0]?.n),
      ),
    );
    // The administrator, their group and their membership are there beside.
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(rowsIn(rows) + 3);
    expect(rowsIn(rows)).toBeGreaterThanOrEqual(200_000);
  });

  test("every list holds a hundred rows at most, in a fixed number of queries", {
    timeout: MINUTES,
  }, async () => {
    const { users, groups, projects, forms, images, audit, queries, rows } = await ready();
    const page = { limit: 1000 };
    const project = rows.image_allow_lists.find((row) => !row.deleted_at)?.project_id ?? "";
    const lists: [name: string, list: () => Promise<readonly unknown[]>, rows: number, queries: number][] = [
      ["users", () => users.list(page), 100, 2],
      ["groups", () => groups.list(page), 100, 3],
      ["projects", () => projects.list({}, page), 100, 4],
      ["forms", () => forms.list({}, page), 100, 3],
      ["forms of a user", () => forms.list({ user_id: rows.users[3]?.uid ?? "" }, page), 4, 3],
      ["forms found", () => forms.search("slow", page), 100, 3],
      ["requests", () => images.listRequests({ status: "pending" }, page), 100, 3],
      ["repositories", () => images.listRepositories(page), 100, 3],
      ["allowed images", () => images.allowed(project, page), 1, 1],
      ["audit logs", () => audit.list({}, page), 100, 1],
      ["users, by default", () => users.list(), 20, 2],
    ];
    queries();
    const found = [];
    for (const [name, list] of lists) found.push([name, (await list()).length, queries().length]);
    expect(found).toEqual(lists.map(([name, , length, sent]) => [name, length, sent]));
  });

  const onServer = engine === "pglite" ? test.skip : test;

  onServer("no delete reads a child table from end to end", { timeout: MINUTES }, async () => {
    const all = await ready();
    const { db, rows } = all;
    const look = watched(db);
    const platform = await connect(look.handle);
    const { users, groups, projects, forms, images } = servicesOf(platform);
    const ids = (table: readonly { readonly id?: string }[], n: number) => table[n]?.id ?? "";
    const live = rows.projects.filter((project) => !project.deleted_at).map(({ pid }) => pid);
    const scanned: [what: string, tables: readonly string[], plans: boolean][] = [];
    const seen = (what: string, { plans, scans }: ReturnType<Watched["seen"]> = look.seen()) =>
      scanned.push([what, scans.map((s) => s.table).filter((t) => CHILDREN.includes(t)), plans > 0]);
    look.seen();

    const uid = rows.users[17]?.uid ?? "";
    const user = await users.destroy(uid, ADMIN);
    seen("a user");
    await users.restore(uid, user.operation, ADMIN);
    seen("a user who comes back");
    const project = await projects.hide(live[0] ?? "", ADMIN);
    seen("a project, hidden");
    await projects.restore(live[0] ?? "", project.operation, ADMIN);
    seen("a project that comes back");
    await projects.destroy(live[1] ?? "", ADMIN);
    seen("a project");
    await groups.destroy(rows.groups[40]?.gid ?? "", ADMIN);
    seen("a group");
    await forms.destroy(ids(rows.forms, 900), ADMIN);
    seen("a form");
    await images.destroy(ids(rows.image_requests, 900), ADMIN);
    seen("an image request");
    await platform.softly.delete("config_files", { cfid: rows.config_files[900]?.cfid ?? "" });
    seen("a configuration file");
    await platform.softly.delete("container_repositories", { id: ids(rows.container_repositories, 30) });
    seen("a repository");
    for (const [table, key, value] of [
      ["users", "uid", rows.users[60]?.uid],
      ["groups", "gid", rows.groups[60]?.gid],
      ["projects", "pid", live[60]],
      ["forms", "id", ids(rows.forms, 60)],
      ["container_repositories", "id", ids(rows.container_repositories, 60)],
    ] as const) {
      await sql`delete from ${sql.table(table)} where ${sql.ref(key)} = ${value}`.execute(platform.unscoped);
      seen(`a bare DELETE from ${table}`);
    }
    // What retention finds each day once it has run: a project with all below, and some forms beside.
    await platform.ondelete.purge({ execute: true });
    await projects.hide(live[80] ?? "", ADMIN);
    for (const { id } of (await forms.list({}, { limit: 20 })).filter((form) => form.project_id !== live[80]))
      await forms.hide(id, ADMIN);
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 19);
    await db.exec(
      ["projects", "config_files", "forms", "form_messages", "image_requests", "image_allow_lists"].map(
        (table) => `update ${table} set deleted_at = '2020-01-01' where deleted_at > '${yesterday}'`,
      ),
    );
    await analysed(all);
    look.seen();
    const { policies } = await platform.ondelete.purge({ execute: true });
    const gone = Object.fromEntries(policies.map(({ policy, deleted }) => [policy, deleted]));
    expect(gone).toMatchObject({ forms: { forms: 28, form_messages: 84 }, projects: { projects: 1 } });
    seen("a purge of what a day brings");
    await closed(look.handle);
    expect(scanned).toEqual(scanned.map(([what]) => [what, [], true]));
    expect(scanned).toHaveLength(16);
  });
});
