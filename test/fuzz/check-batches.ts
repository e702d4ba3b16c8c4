import assert from "node:assert/strict";
import { OnDeleteError, open } from "../../src/index.ts";
import type { Case } from "./case.ts";
import { allRows, type Kind, sorted } from "./check.ts";
import { condition, type FuzzDatabase } from "./database.ts";
import { expect } from "./oracle.ts";

/**
 * A delete in batches of one to three rows leaves what the oracle says, says what one that is atomic says, and is taken
 * back.
 *
 * @param told is given whether it took one transaction or several
 */
export async function checkBatches(
  db: FuzzDatabase,
  wished: Case,
  told: (transactions: "one" | "several") => void = () => {},
): Promise<Kind> {
  const c = db.possible(wished);
  if (c.roots.length === 0) return "empty";
  await db.load(c);
  const before = await allRows(db, c);
  const wanted = expect(c, db);
  if (wanted.ambiguous) return "ambiguous";
  const ondelete = await open(db.handle);
  const target = { table: c.target, select: { kind: "condition", sql: condition(c) } } as const;
  const batch = 1 + (Math.abs(c.salt ?? 0) % 3);
  const outcome = await ondelete.delete(target, { batch }).catch((error: unknown) => {
    if (error instanceof OnDeleteError && error.code === "unsupported") return null;
    throw error;
  });
  if (outcome === null) return "ambiguous";
  if (wanted.verdict === "blocked") {
    assert.equal(outcome.state, "blocked");
    assert.deepEqual(await allRows(db, c), before, "a blocked delete changed rows");
    return "blocked";
  }
  assert.equal(outcome.state, "done", JSON.stringify(outcome.blockers));
  assert.deepEqual(outcome.deleted, wanted.deleted, "rows deleted by table");
  assert.deepEqual(await allRows(db, c), sorted(wanted.final, c), "rows after the delete");
  const restored = await ondelete.restore(outcome.operation ?? "");
  assert.deepEqual(restored.conflicts, []);
  assert.deepEqual(await allRows(db, c), before, "rows after the restore");
  const atomic = await ondelete.delete(target, { batch: false });
  assert.deepEqual(outcome.updated, atomic.updated, "rows updated by table");
  told(outcome.batches === 1 ? "one" : "several");
  return "allowed";
}
