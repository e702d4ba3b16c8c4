import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import before from "../before/ondelete.config.ts";
import { connect, runScript } from "../database.ts";
import { eachEngine, type Stage, type Staging } from "./stage.ts";

const AUDIT = "audit_logs(user_id) -> users(uid)";

/** The target state with its rows, changed to the state before. */
async function stagedBefore(stage: Staging, users: number): Promise<Stage> {
  const staged = await stage(users);
  const { handle, platform } = staged;
  const script = join(import.meta.dirname, `../before/${platform.engine}.sql`);
  await runScript(handle, readFileSync(script, "utf8"));
  return { ...staged, platform: await connect(handle, undefined, before) };
}

const ADA = { uid: "ada", username: "ada", email: "ada@example.org" };

/** One user, with one record of what she did. */
async function withHistory({ platform }: Stage): Promise<void> {
  const { unscoped } = platform;
  await unscoped.insertInto("users").values(ADA).execute();
  const record = { user_id: "ada", actor_name: "ada (ada)", action: "delete" } as const;
  await unscoped
    .insertInto("audit_logs")
    .values({ ...record, resource_type: "form", resource_id: "F1" })
    .execute();
}

const history = ({ db }: Stage) =>
  db.rows("select user_id, actor_name, action, resource_type, resource_id from audit_logs");

eachEngine((stage) => {
  test("check flags the history that goes with its user, and nothing else that the target state does not have", async () => {
    const target = await (await stage(40)).platform.ondelete.check({ data: true });
    const { platform } = await stagedBefore(stage, 40);
    const { findings, summary } = await platform.ondelete.check({ data: true });
    const known = target.findings.map((f) => f.fingerprint);
    const added = findings.filter((f) => !known.includes(f.fingerprint));
    expect(added.map((f) => [f.severity, f.rule, f.object, f.message])).toEqual([
      [
        "error",
        "cascade-to-audit",
        AUDIT,
        `audit_logs records what was done, and ${AUDIT} cascades: a delete from users takes the records along, and nobody can tell afterwards that they were there.`,
      ],
    ]);
    expect([summary.errors, summary.warnings]).toEqual([1, 0]);
    expect([findings.length, target.findings.length]).toEqual([5, 4]);
  });

  test("the two states differ in this one constraint", async () => {
    const actions = async ({ platform }: Stage) =>
      new Map((await platform.ondelete.inspect()).relations.map((r) => [r.id, r.onDelete]));
    const target = await actions(await stage());
    const then = await actions(await stagedBefore(stage, 0));
    expect([then.size, target.size]).toEqual([22, 22]);
    expect([...then].filter(([id, action]) => target.get(id) !== action)).toEqual([[AUDIT, "cascade"]]);
    expect(target.get(AUDIT)).toBe("set null");
  });

  test("all audit logs cleaned: a bare DELETE of a user takes the history with it", async () => {
    const staged = await stagedBefore(stage, 0);
    await withHistory(staged);
    expect(await history(staged)).toHaveLength(1);
    await staged.db.exec("delete from users where uid = 'ada'");
    expect(await history(staged)).toEqual([]);
  });

  test("the target state keeps the history of a user who is deleted, and who it was", async () => {
    const staged = await stage();
    await withHistory(staged);
    await staged.db.exec("delete from users where uid = 'ada'");
    expect(await history(staged)).toEqual([
      {
        user_id: null,
        actor_name: "ada (ada)",
        action: "delete",
        resource_type: "form",
        resource_id: "F1",
      },
    ]);
  });
});
