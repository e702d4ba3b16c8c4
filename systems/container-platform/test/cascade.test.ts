import type { Plan } from "ondelete";
import { expect, test } from "vitest";
import type { RemovalService } from "../services/removal.ts";
import { fillSmall } from "./small-data.ts";
import { ADMIN, eachEngine, refusal, type Stage } from "./stage.ts";
import {
  afterBareDelete,
  type Difference,
  difference,
  type State,
  stateOf,
  type TableName,
  withoutNewEntries,
} from "./state.ts";

interface Chain extends Difference {
  readonly table: TableName;
  readonly id: string;
  readonly service: (stage: Stage) => RemovalService;
}

eachEngine((stage) => {
  const staged = async () => {
    const small = await stage();
    await fillSmall(small);
    return small;
  };

  test("User deletion removes from all groups, deletes all their forms with all messages, all image requests; history and reviews stay", async () => {
    const small = await staged();
    const { destroy } = await agreed(small, {
      table: "users",
      id: "ada",
      service: ({ users }) => users,
      deleted: {
        users: 1,
        user_group: 1,
        forms: 2,
        // Those of her forms, whoever wrote them, and hers in the form of another.
        form_messages: 4,
        image_requests: 1,
        image_allow_lists: 2,
        course_workloads: 2,
      },
      nulled: {
        "audit_logs.user_id": 2,
        "image_requests.reviewer_id": 2,
        "image_allow_lists.request_id": 1,
      },
    });
    await destroy();
    const { unscoped } = small.platform;
    const history = await unscoped
      .selectFrom("audit_logs")
      .select(["user_id", "actor_name"])
      .where("actor_name", "like", "ada%")
      .execute();
    expect(history).toEqual([
      { user_id: null, actor_name: "ada (ada)" },
      { user_id: null, actor_name: "ada (ada)" },
    ]);
    const reviews = await unscoped
      .selectFrom("image_requests")
      .select(["id", "reviewer_id"])
      .orderBy("id")
      .execute();
    expect(reviews).toEqual([
      { id: "q2", reviewer_id: null },
      { id: "q3", reviewer_id: null },
      { id: "q4", reviewer_id: null },
    ]);
    const lists = await unscoped.selectFrom("image_allow_lists").select(["id", "created_by"]).execute();
    expect(lists.filter(({ created_by }) => created_by === "ada")).toEqual([]);
  });

  test("Group deletion deletes all projects, their configs and resources, their forms and messages, and removes all users from the group", async () => {
    const small = await staged();
    const { destroy } = await agreed(small, {
      table: "groups",
      id: "lab",
      service: ({ groups }) => groups,
      deleted: {
        groups: 1,
        user_group: 2,
        projects: 2,
        config_files: 3,
        resources: 4,
        forms: 3,
        form_messages: 5,
        image_requests: 2,
        image_allow_lists: 3,
        course_workloads: 3,
      },
      nulled: {},
    });
    await destroy();
    expect((await small.users.list()).map(({ uid }) => uid).toSorted()).toEqual([
      "ada",
      "admin",
      "ben",
      "cem",
    ]);
  });

  test("Project deletion deletes all configs and resources, all forms and messages, all allow lists, and all image requests and workloads", async () => {
    await agreed(await staged(), {
      table: "projects",
      id: "vision",
      service: ({ projects }) => projects,
      deleted: {
        projects: 1,
        config_files: 2,
        resources: 3,
        forms: 2,
        form_messages: 4,
        image_requests: 2,
        image_allow_lists: 2,
        course_workloads: 2,
      },
      nulled: {},
    });
  });

  test("ConfigFile deletion deletes all resources", async () => {
    await agreed(await staged(), {
      table: "config_files",
      id: "v1",
      service: ({ configFiles }) => configFiles,
      deleted: { config_files: 1, resources: 2 },
      nulled: {},
    });
  });

  test("Form deletion deletes all messages", async () => {
    await agreed(await staged(), {
      table: "forms",
      id: "f1",
      service: ({ forms }) => forms,
      deleted: { forms: 1, form_messages: 2 },
      nulled: {},
    });
  });

  test("ImageRequest deletion sets the allow list's reference to NULL, and the allow list stays", async () => {
    const small = await staged();
    const { destroy } = await agreed(small, {
      table: "image_requests",
      id: "q1",
      service: ({ images }) => images,
      deleted: { image_requests: 1 },
      nulled: { "image_allow_lists.request_id": 1 },
    });
    await destroy();
    const list = small.platform.unscoped.selectFrom("image_allow_lists").where("id", "=", "a1");
    expect(await list.select(["id", "request_id"]).execute()).toEqual([{ id: "a1", request_id: null }]);
  });

  test("Repository deletion deletes all tags, their allow lists and their status in the cluster; requests stay", async () => {
    await agreed(await staged(), {
      table: "container_repositories",
      id: "python",
      service: ({ repositories }) => repositories,
      deleted: {
        container_repositories: 1,
        container_tags: 2,
        cluster_image_statuses: 2,
        // Each is below its repository and below its tag, and is counted once.
        image_allow_lists: 3,
      },
      nulled: {},
    });
  });

  test("a form below its user and below the group, through its project, is deleted once and counted once", async () => {
    const small = await staged();
    const { users, groups, platform } = small;
    const before = (await small.everything()) as State;
    // One target for both: the form f1 is ada's and vision's, f2 only ada's, f3 only vision's.
    const both = { kind: "condition", sql: "user_id = 'ada' or project_id = 'vision'" } as const;
    const plan = await platform.ondelete.plan({ table: "forms", select: both });
    expect(countsOf(plan)).toEqual({ forms: 3, form_messages: 5 });

    const user = await users.destroy("ada", ADMIN);
    const group = await groups.destroy("lab", ADMIN);
    expect([user.rows.forms, group.rows.forms]).toEqual([2, 2]);
    expect([user.rows.form_messages, group.rows.form_messages]).toEqual([4, 2]);
    expect(await platform.unscoped.selectFrom("forms").select("id").execute()).toEqual([{ id: "f4" }]);

    // f1 needs its project too, which is not there before the group is.
    expect(await refusal(users.restore("ada", user.operation, ADMIN))).toBe("conflict");
    await groups.restore("lab", group.operation, ADMIN);
    await users.restore("ada", user.operation, ADMIN);
    expect(withoutNewEntries((await small.everything()) as State, before)).toEqual(before);
  });

  test("a message below its form and below its author, who wrote both, is in the plan once, by two ways", async () => {
    const { platform } = await staged();
    const target = { table: "users", select: { kind: "key", values: ["ada"] } } as const;
    const ways = await platform.ondelete.why(target, { table: "form_messages", key: { id: "m1" } });
    expect(ways.map((way) => way.map(({ table }) => table).join(" > "))).toEqual([
      "users > form_messages",
      "users > forms > form_messages",
    ]);
    const plan = await platform.ondelete.plan(target);
    expect(plan.deletes.find(({ table }) => table === "form_messages")?.rows).toBe(4);
  });
});

/**
 * That the plan, a bare DELETE and the service's delete take the rows that are written out, leave the same state, and
 * that a restore leaves the one before. Gives the delete, so that what it leaves can be looked at.
 */
async function agreed(stage: Stage, { table, id, service, deleted, nulled }: Chain) {
  const { platform } = stage;
  const removal = service(stage);
  const before = await stateOf(platform.unscoped);
  const everything = (await stage.everything()) as State;

  const plan = await removal.preview(id);
  expect([plan.verdict, plan.native.now, plan.native.afterRestore]).toEqual([
    "allowed",
    "applies",
    "applies",
  ]);
  expect(countsOf(plan)).toEqual(deleted);
  const updates = plan.updates.map((update) => [`${update.table}.${update.columns.join()}`, update.rows]);
  expect(Object.fromEntries(updates)).toEqual(nulled);
  expect(await stateOf(platform.unscoped)).toEqual(before);

  const native = await afterBareDelete(platform.unscoped, table, id);
  expect(difference(before, native)).toEqual({ deleted, nulled });
  expect(await stateOf(platform.unscoped)).toEqual(before);

  const destroy = () => removal.destroy(id, ADMIN);
  const { operation, rows } = await destroy();
  expect(rows).toEqual(deleted);
  expect(withoutNewEntries(await stateOf(platform.unscoped), before)).toEqual(native);
  await removal.restore(id, operation, ADMIN);
  expect(withoutNewEntries((await stage.everything()) as State, everything)).toEqual(everything);
  const entries = await stage.audit.list({ resource_id: id });
  expect(entries.map(({ action, actor_name }) => [action, actor_name])).toEqual([
    ["restore", "admin (admin)"],
    ["delete", "admin (admin)"],
  ]);
  return { destroy };
}

const countsOf = ({ deletes }: Plan): object =>
  Object.fromEntries(deletes.map(({ table, rows }) => [table, rows]));
