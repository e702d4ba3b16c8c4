import { expect } from "vitest";
import type { Plan } from "../../src/index.ts";
import { key, prepare } from "./act.ts";
import type { TestDatabase, Variant } from "./databases.ts";
import { dump } from "./rows.ts";
import type { Fresh } from "./stages.ts";
import type { Schema } from "./story.ts";

/** A schema that is written out as SQL. */
export const made = (...sql: readonly string[]): Schema => ({ tables: {}, fks: [], rows: {}, sql });

export const blockers = (plan: Plan) => plan.blockers.map((b) => `${b.relation} ${b.reason} ${b.rows}`);

/** The parent of most schemas. */
export const P = "create table p (id integer primary key)";

/** Plans, and proves that a delete is blocked where the plan is, and done where it is not. */
export async function planned(variant: Variant, fresh: Fresh, schema: Schema, root = "1"): Promise<Plan> {
  const { db, ondelete } = await prepare(variant, fresh, schema);
  const before = await dump(db, variant);
  const plan = await ondelete.plan(key("p", root));
  const outcome = await ondelete.delete(plan);
  expect(outcome.state).toBe(plan.verdict === "allowed" ? "done" : "blocked");
  if (outcome.state === "done") expect((await ondelete.restore(outcome.operation ?? "")).state).toBe("done");
  expect(await dump(db, variant)).toEqual(before);
  return plan;
}

/** The message with which the engine refuses a statement. */
export async function refuses(db: TestDatabase, sql: string): Promise<string> {
  return db.exec(sql).then(
    () => expect.unreachable(`the engine took: ${sql}`),
    (error: Error) => error.message,
  );
}
