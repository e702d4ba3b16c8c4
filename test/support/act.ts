import { expect } from "vitest";
import {
  type Config,
  type Database,
  type DeleteOptions,
  OnDeleteError,
  type Outcome,
  open,
  type Plan,
  type Target,
} from "../../src/index.ts";
import type { TestDatabase, Variant } from "./databases.ts";
import { plain } from "./dress.ts";
import type { Fresh } from "./stages.ts";
import { build, type Schema } from "./story.ts";

/** A fresh database with a schema under its plain names, and ondelete open on it. */
export async function prepare(
  variant: Variant,
  fresh: Fresh,
  schema: Schema,
  config?: Config,
): Promise<{ readonly db: TestDatabase; readonly ondelete: Database }> {
  const db = await fresh();
  await build(db, variant, schema, plain);
  return { db, ondelete: await open(db.handle, config) };
}

export const key = (table: string, ...values: readonly string[]): Target => ({
  table,
  select: { kind: "key", values },
});

export const where = (table: string, sql: string): Target => ({ table, select: { kind: "condition", sql } });

/** Deletes, and fails the test where that is not done. @returns the operation */
export async function done(
  ondelete: Database,
  target: Target | Plan,
  options: DeleteOptions = {},
): Promise<string> {
  const outcome: Outcome = await ondelete.delete(target, options);
  expect(outcome.state).toBe("done");
  return outcome.operation ?? "";
}

/** The failure that work ends in, which must be one of ours. */
export async function failure(work: Promise<unknown>): Promise<OnDeleteError> {
  const error = await work.then(
    () => expect.unreachable("the work was done, and should have failed"),
    (e: unknown) => e,
  );
  if (error instanceof OnDeleteError) return error;
  throw error;
}
