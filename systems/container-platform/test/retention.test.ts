import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../../../test/cli/run-cli.ts";
import { connect } from "../database.ts";
import { configOf } from "../ondelete.config.ts";
import type { Schema } from "../schema.ts";
import { settingsOf } from "../settings.ts";
import { fillSmall } from "./small-data.ts";
import { ADMIN, eachEngine, eachServer, refusal, type Stage, type Staging } from "./stage.ts";
import type { State } from "./state.ts";

const SYSTEM = join(import.meta.dirname, "..");
const ago = (days: number) => new Date(Date.now() - days * 86_400_000);

/** Marks rows as deleted so many days ago, and nothing that is below them. */
async function hidden(
  { platform }: Pick<Stage, "platform">,
  days: number,
  rows: Readonly<Partial<Record<keyof Schema, readonly string[]>>>,
): Promise<void> {
  const keys: Partial<Record<string, string>> = { projects: "pid", config_files: "cfid" };
  for (const [table, ids] of Object.entries(rows))
    await platform.unscoped
      .updateTable(table as "forms")
      .set({ deleted_at: ago(days) } as never)
      .where((keys[table] ?? "id") as "id", "in", ids)
      .execute();
}

async function logged({ platform }: Pick<Stage, "platform">, count: number, days: number): Promise<void> {
  const entry = {
    user_id: "ada",
    actor_name: "ada (ada)",
    action: "update",
    resource_type: "form",
    resource_id: "f1",
    created_at: ago(days),
  } as const;
  await platform.unscoped
    .insertInto("audit_logs")
    .values(Array.from({ length: count }, () => entry))
    .execute();
}

const staged = async (stage: Staging) => {
  const small = await stage();
  await fillSmall(small);
  const ids = async (table: string, key = "id") =>
    (await small.db.rows(`select ${key} from ${table} order by 1`)).map((row) => row[key]);
  return { ...small, ids, all: async () => (await small.everything()) as State };
};

eachEngine((stage) => {
  test("remove soft-deleted records after 30 days; those that were deleted later stay, and so do live ones", async () => {
    const small = await staged(stage);
    const { platform, ids } = small;
    await hidden(small, 31, {
      projects: ["speech"],
      config_files: ["s1", "v1"],
      forms: ["f1", "f5"],
      form_messages: ["m1", "m2", "m6", "m7"],
      image_requests: ["q1"],
      image_allow_lists: ["a4"],
    });
    await hidden(small, 29, {
      config_files: ["v2"],
      forms: ["f3"],
      form_messages: ["m3", "m4", "m5"],
      image_requests: ["q3"],
      image_allow_lists: ["a3"],
    });
    const before = await small.all();
    const planned = await platform.ondelete.purge();
    expect([planned.state, planned.policies.map(({ policy, eligible }) => [policy, eligible])]).toEqual([
      "planned",
      [
        ["forms", 2],
        ["form_messages", 4],
        ["image_requests", 1],
        ["image_allow_lists", 1],
        ["projects", 1],
        ["config_files", 2],
        ["audit_logs", 0],
      ],
    ]);
    expect(await small.all()).toEqual(before);

    const { state, policies } = await platform.ondelete.purge({ execute: true });
    expect([state, policies.map(({ policy, deleted, held }) => [policy, deleted, held])]).toEqual([
      "done",
      [
        ["forms", { forms: 2, form_messages: 3 }, 0],
        ["form_messages", { form_messages: 1 }, 0],
        ["image_requests", { image_requests: 1 }, 0],
        ["image_allow_lists", { image_allow_lists: 1 }, 0],
        // What has no mark of its own goes with its project, or with its configuration file.
        ["projects", { projects: 1, config_files: 1, resources: 1, course_workloads: 1 }, 0],
        ["config_files", { config_files: 1, resources: 2 }, 0],
        ["audit_logs", {}, 0],
      ],
    ]);
    expect({
      projects: await ids("projects", "pid"),
      config_files: await ids("config_files", "cfid"),
      resources: await ids("resources", "rid"),
      forms: await ids("forms"),
      form_messages: await ids("form_messages"),
      image_requests: await ids("image_requests"),
      image_allow_lists: await ids("image_allow_lists"),
      course_workloads: await ids("course_workloads"),
    }).toEqual({
      projects: ["till", "vision"],
      config_files: ["t1", "v2"],
      resources: ["r3", "r5"],
      forms: ["f2", "f3", "f4"],
      form_messages: ["m3", "m4", "m5"],
      image_requests: ["q2", "q3", "q4"],
      image_allow_lists: ["a1", "a2", "a3"],
      course_workloads: ["w1", "w2", "w3"],
    });
  });

  test("remove audit logs after 90 days, a thousand in a transaction: 2,500 in three", async () => {
    const small = await staged(stage);
    const { platform, db } = small;
    await logged(small, 1250, 91);
    await logged(small, 1250, 400);
    await logged(small, 2, 89);
    const { policies } = await platform.ondelete.purge({ execute: true, policies: ["audit_logs"] });
    expect(policies).toMatchObject([
      { policy: "audit_logs", eligible: 2500, deleted: { audit_logs: 2500 }, held: 0, batches: 3 },
    ]);
    expect(new Set(policies[0]?.operations).size).toBe(3);
    const { operations } = await platform.ondelete.status();
    expect(operations.map(({ deleted }) => deleted.audit_logs)).toEqual([1000, 1000, 500]);
    // Three of the small data, and two that are younger.
    expect(await db.rows("select count(*) as n from audit_logs")).toEqual([{ n: "5" }]);
  });

  test("1,001 soft-deleted messages are removed in two transactions", async () => {
    const small = await staged(stage);
    const { forms, platform, ids } = small;
    const old = await forms.addMessages(
      "f4",
      Array.from({ length: 1001 }, (_, n) => `message ${n}`),
      ADMIN,
    );
    await hidden(small, 31, { form_messages: old });
    const { policies } = await platform.ondelete.purge({ execute: true });
    const { deleted, batches } = policies.find(({ policy }) => policy === "form_messages") ?? {};
    expect([deleted, batches]).toEqual([{ form_messages: 1001 }, 2]);
    expect(await ids("form_messages")).toEqual(["m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
  });

  test("a live form below a project that was soft-deleted is reported, and neither is taken", async () => {
    const small = await staged(stage);
    const { platform, ids } = small;
    await liveBelowHidden(small);
    const { policies } = await platform.ondelete.purge({ execute: true });
    const held = policies.filter((policy) => policy.held > 0);
    expect(held).toMatchObject([
      {
        policy: "projects",
        eligible: 2,
        held: 1,
        deleted: { projects: 1 },
        blockers: [
          { table: "forms", rows: 1, sample: [{ id: "f5" }] },
          { table: "form_messages", rows: 1, sample: [{ id: "m7" }] },
        ],
      },
    ]);
    expect(await ids("projects", "pid")).toEqual(["speech", "vision"]);
    expect(await ids("forms")).toEqual(["f1", "f3", "f5"]);
    expect(await ids("form_messages")).toEqual(["m1", "m2", "m4", "m5", "m7"]);
  });

  test("a project that was purged cannot be restored", async () => {
    const small = await staged(stage);
    const { projects, platform } = small;
    const { operation } = await projects.hide("vision", ADMIN);
    await platform.unscoped
      .updateTable("projects")
      .set({ deleted_at: ago(31) } as never)
      .where("deleted_at", "is not", null)
      .execute();
    const { policies } = await platform.ondelete.purge({ execute: true, policies: ["projects"] });
    expect(policies[0]?.deleted).toMatchObject({ projects: 1, forms: 2 });
    const before = await small.all();
    expect(await refusal(projects.restore("vision", operation, ADMIN))).toBe("conflict");
    expect(await small.all()).toEqual(before);
  });

  test("how many days is a setting", async () => {
    const small = await staged(stage);
    const { handle, ids } = small;
    await hidden(small, 8, { forms: ["f1"], form_messages: ["m1", "m2"] });
    await hidden(small, 6, { forms: ["f2"], form_messages: ["m3"] });
    await logged(small, 3, 15);
    await logged(small, 2, 13);
    const settings = settingsOf({
      PLATFORM_KEEP_SOFT_DELETED_DAYS: "7",
      PLATFORM_KEEP_AUDIT_LOGS_DAYS: "14",
    });
    const sooner = await connect(handle, () => {}, configOf(settings));
    const { policies } = await sooner.ondelete.purge({ execute: true });
    const taken = policies.map(({ policy, olderThan, deleted }) => [policy, olderThan, deleted]);
    expect(taken).toEqual([
      ["forms", "7 days", { forms: 1, form_messages: 2 }],
      ["form_messages", "7 days", {}],
      ["image_requests", "7 days", {}],
      ["image_allow_lists", "7 days", {}],
      ["projects", "7 days", {}],
      ["config_files", "7 days", {}],
      ["audit_logs", "14 days", { audit_logs: 3 }],
    ]);
    expect(await ids("forms")).toEqual(["f2", "f3", "f4", "f5"]);
  });
});

/** Two projects that were hidden 40 days ago: till with all that is below it, speech with its form f5 live. */
async function liveBelowHidden(small: Pick<Stage, "platform">): Promise<void> {
  await hidden(small, 40, {
    projects: ["speech", "till"],
    config_files: ["s1", "t1"],
    forms: ["f2", "f4"],
    form_messages: ["m3", "m6"],
    image_requests: ["q3", "q4"],
    image_allow_lists: ["a3", "a4"],
  });
}

eachServer((stage) => {
  test("the command ondelete purge says what would go, takes it when told to, and ends with 1 where rows are held back", async () => {
    const small = await staged(stage);
    const { db, ids } = small;
    const purge = (...words: string[]) =>
      runCli(["purge", ...words, "--no-color"], { cwd: SYSTEM, env: { PLATFORM_DATABASE: db.url } });
    await hidden(small, 31, { forms: ["f1"], form_messages: ["m1", "m2"] });
    const asked = purge();
    expect([asked.status, asked.stderr]).toEqual([2, expect.stringContaining("add --yes")]);
    expect(await ids("forms")).toEqual(["f1", "f2", "f3", "f4", "f5"]);
    expect(purge("--yes").status).toBe(0);
    expect(await ids("forms")).toEqual(["f2", "f3", "f4", "f5"]);

    await liveBelowHidden(small);
    const { status, stdout } = purge("--yes");
    expect([status, stdout]).toEqual([1, expect.stringMatching(/1 row.*held back/)]);
    expect(await ids("projects", "pid")).toEqual(["speech", "vision"]);
  });
});
