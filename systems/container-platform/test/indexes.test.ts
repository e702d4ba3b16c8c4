import { CompiledQuery } from "kysely";
import { expect, test } from "vitest";
import { connect } from "../database.ts";
import { servicesOf } from "../services/platform-services.ts";
import { eachEngine } from "./stage.ts";

/** Every index but those of the fifteen primary keys and of full text; `!` where it is unique. */
const INDEXES: Readonly<Record<string, readonly string[]>> = {
  audit_logs: ["created_at", "resource_type, resource_id", "user_id, created_at"],
  cluster_image_statuses: ["status, updated_at", "tag_id !"],
  config_files: ["deleted_at", "pid, deleted_at, created_at", "pid, filename ! among live rows"],
  container_repositories: ["registry, name !"],
  container_tags: ["digest", "repository_id, name !"],
  course_workloads: ["project_id, created_at", "status, created_at", "user_id, created_at"],
  form_messages: ["deleted_at", "form_id, deleted_at, created_at", "user_id, created_at"],
  forms: [
    "deleted_at",
    "project_id, deleted_at, created_at",
    "status, created_at",
    "user_id, deleted_at, created_at",
  ],
  groups: ["created_at", "group_name !"],
  image_allow_lists: [
    "created_by",
    "deleted_at",
    "project_id, deleted_at, is_enabled",
    "project_id, tag_id ! among live rows",
    "repository_id",
    "request_id",
    "tag_id",
  ],
  image_requests: [
    "deleted_at",
    "project_id, deleted_at, created_at",
    "reviewer_id, reviewed_at",
    "status, created_at",
    "user_id, deleted_at, created_at",
  ],
  projects: ["deleted_at", "gid, deleted_at, created_at", "gid, project_name ! among live rows"],
  resources: ["cfid, kind, name !", "kind, name"],
  user_group: ["gid, role"],
  users: ["created_at", "email !", "username !"],
};

/** A copy of the first row with another key. */
const DUPLICATES: Readonly<Record<string, string>> = {
  "users.username":
    "insert into users (uid, username, email) select 'x', username, 'x@example.org' from users limit 1",
  "users.email": "insert into users (uid, username, email) select 'x', 'x', email from users limit 1",
  "groups.group_name":
    'insert into "groups" (gid, group_name) select \'x\', group_name from "groups" limit 1',
  user_group: "insert into user_group (uid, gid) select uid, gid from user_group limit 1",
  projects:
    "insert into projects (pid, gid, project_name) select 'x', gid, project_name from projects where deleted_at is null limit 1",
  config_files:
    "insert into config_files (cfid, pid, filename, content) select 'x', pid, filename, '' from config_files where deleted_at is null limit 1",
  resources:
    "insert into resources (rid, cfid, kind, name) select 'x', cfid, kind, name from resources limit 1",
  container_repositories:
    "insert into container_repositories (id, registry, name) select 'x', registry, name from container_repositories limit 1",
  container_tags:
    "insert into container_tags (id, repository_id, name) select 'x', repository_id, name from container_tags limit 1",
  image_allow_lists:
    "insert into image_allow_lists (id, project_id, tag_id, repository_id, created_by) select 'x', project_id, tag_id, repository_id, created_by from image_allow_lists where deleted_at is null limit 1",
  cluster_image_statuses:
    "insert into cluster_image_statuses (id, tag_id) select 'x', tag_id from cluster_image_statuses limit 1",
};

interface Index {
  readonly entries: readonly string[];
  readonly unique: boolean;
  readonly predicate: string | null;
}

/** PostgreSQL's partial index and MariaDB's generated column in the same words. */
function wordsOf({ entries, unique, predicate }: Index): string {
  const live = predicate === "(deleted_at IS NULL)" || entries.includes("live");
  const columns = entries.filter((entry) => entry !== "live").join(", ");
  return `${columns}${unique ? " !" : ""}${live ? " among live rows" : ""}`;
}

eachEngine((stage) => {
  const indexesOf = async () => {
    const { tables, relations } = await (await stage()).platform.ondelete.inspect();
    // MariaDB's catalog has names in backticks.
    const plain = tables.map((t) => ({
      ...t,
      indexes: t.indexes.map((i) => ({ ...i, entries: i.entries.map((e) => e.replaceAll("`", "")) })),
    }));
    const own = plain.map((t) => ({
      table: t.name,
      indexes: t.indexes.filter((i) => i.entries.join() !== t.primaryKey.join()),
    }));
    return { tables: plain, relations, own };
  };

  test("50+ strategic indexes are 60: 15 of primary keys, 44 by columns, one of full text", async () => {
    const { tables, own } = await indexesOf();
    expect(tables.flatMap((t) => t.indexes)).toHaveLength(60);
    const words = own.map(({ table, indexes }) => [
      table,
      indexes
        .filter((i) => !i.name.endsWith("_text"))
        .map(wordsOf)
        .toSorted(),
    ]);
    expect(Object.fromEntries(words)).toEqual(INDEXES);
    expect(Object.values(INDEXES).flat()).toHaveLength(44);
    expect(own.flatMap((t) => t.indexes).filter((i) => i.name.endsWith("_text"))).toHaveLength(1);
  });

  test("every foreign key column has an index that leads with it", async () => {
    const { tables, relations } = await indexesOf();
    const leads = (table: string, column = "") =>
      tables
        .find((t) => t.id === table)
        ?.indexes.some((i) => i.predicate === null && i.entries[0] === column);
    expect(relations).toHaveLength(22);
    expect(relations.filter((r) => !leads(r.child, r.columns[0]) || !r.indexed)).toEqual([]);
  });

  test("composite indexes for joins lead with the reference, and go on with deleted_at and created_at", async () => {
    const { own } = await indexesOf();
    const composite = own.flatMap(({ table, indexes }) =>
      indexes
        .filter((i) => i.entries.slice(1).join() === "deleted_at,created_at")
        .map((i) => `${table}.${i.entries[0]}`),
    );
    expect(composite.toSorted()).toEqual([
      "config_files.pid",
      "form_messages.form_id",
      "forms.project_id",
      "forms.user_id",
      "image_requests.project_id",
      "image_requests.user_id",
      "projects.gid",
    ]);
  });

  test("deleted_at is indexed in each of the six tables that have it", async () => {
    const { tables, own } = await indexesOf();
    const having = tables.filter((t) => t.columns.some((c) => c.name === "deleted_at")).map((t) => t.name);
    const indexed = own.filter((t) => t.indexes.some((i) => i.entries.join() === "deleted_at"));
    expect(indexed.map((t) => t.table)).toEqual(having);
    expect(having).toHaveLength(6);
  });

  test("no index is the beginning of another, those included that MariaDB makes for a foreign key", async () => {
    const { tables } = await indexesOf();
    const spare = tables.flatMap((t) =>
      t.indexes
        .filter((i) => !i.unique && i.predicate === null)
        .filter((i) =>
          t.indexes.some(
            (o) => o !== i && o.predicate === null && i.entries.every((entry, at) => o.entries[at] === entry),
          ),
        )
        .map((i) => `${t.name}: ${i.name}`),
    );
    expect(spare).toEqual([]);
  });

  test.for(Object.entries(DUPLICATES))("unique constraints prevent duplicates: %s", async ([, insert]) => {
    const { db, everything } = await stage(40);
    const before = await everything();
    await expect(db.exec(insert)).rejects.toThrow(/duplicate key value|Duplicate entry/);
    expect(await everything()).toEqual(before);
  });

  test("full-text search: the index is used, on titles and descriptions", async () => {
    const { handle, db } = await stage(100);
    const sent: CompiledQuery[] = [];
    const platform = await connect(handle, ({ query }) => sent.push(query));
    await platform.unscoped
      .insertInto("forms")
      .columns(["id", "user_id", "project_id", "title", "description"])
      .expression((from) =>
        from
          .selectFrom("forms")
          .select((eb) => [
            eb.val("F1").as("id"),
            "user_id",
            "project_id",
            eb.val("Quota").as("title"),
            eb.val("for the telescope").as("description"),
          ])
          .limit(1),
      )
      .execute();
    if (platform.engine === "postgres") await db.exec("analyze");
    sent.length = 0;
    const { forms } = servicesOf(platform);
    expect((await forms.search("telescope")).map(({ id }) => id)).toEqual(["F1"]);
    const [search] = sent;
    const explain = CompiledQuery.raw(`explain ${search?.sql}`, [...(search?.parameters ?? [])]);
    const plan = JSON.stringify((await platform.unscoped.executeQuery(explain)).rows);
    expect(plan).toContain("forms_text");
    expect(plan).not.toContain("Seq Scan");
    expect((await forms.search("quota")).map(({ id }) => id)).toEqual(["F1"]);
  });
});
