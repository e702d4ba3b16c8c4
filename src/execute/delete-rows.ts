import { changeTogether, deleteChildren, deleteStatement, remaining, slicesOf } from "../dialect/change.ts";
import type { DeletedRows, DeleteGroup, References } from "../dialect/planned.ts";
import { deleteByRank } from "./delete-by-rank.ts";
import { checkCount, type DeletePlace } from "./delete-place.ts";

/**
 * Deletes the rows of a group in an order that does not depend on the order of constraints, and checks that exactly
 * they are gone.
 * @throws `count-mismatch`
 */
export async function deleteRows(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const [only] = group.tables;
  if (group.tables.length === 1 && only?.by) return deleteByReference(place, only, only.by);
  if (
    group.tables.length === 1 &&
    only &&
    (group.within.length === 0 || place.engine.capabilities.changesTablesTogether)
  ) {
    return deleteByKey(place, only);
  }
  if (place.engine.capabilities.changesTablesTogether) return together(place, group);
  if (!place.engine.capabilities.checksAtOnce) return inTurns(place, group);
  await deleteByRank(place, group);
  for (const table of group.tables) await checkGone(place, table);
}

async function checkGone({ tx, engine }: DeletePlace, table: DeletedRows): Promise<void> {
  const [row] = await tx.rows(remaining(engine.syntax, table.set));
  checkCount(table, table.rows - Number(row?.n));
}

async function deleteByKey({ tx, engine }: DeletePlace, rows: DeletedRows): Promise<void> {
  let deleted = 0;
  for (const slice of slicesOf(engine.syntax, { rows: rows.rows, deleted: rows.rows }))
    deleted += await tx.run(deleteStatement(engine.syntax, rows.set, { slice }));
  checkCount(rows, deleted);
}

/**
 * The rows were counted and not locked: their parents are, so that no row can come in, but one may have gone.
 * @throws `count-mismatch`, retriable
 */
async function deleteByReference(
  { tx, engine }: DeletePlace,
  rows: DeletedRows,
  by: readonly References[],
): Promise<void> {
  let deleted = 0;
  for (const reference of by)
    for (const slice of slicesOf(engine.syntax, { rows: reference.parentRows, deleted: rows.rows }))
      deleted += await tx.run(deleteChildren(engine.syntax, rows.table, { reference, slice }));
  checkCount(rows, deleted, { retriable: true });
}

/** One statement for all tables: checks and actions run at its end, when every row of the group is gone. */
async function together({ tx, engine }: DeletePlace, group: DeleteGroup): Promise<void> {
  const [row] = await tx.rows(changeTogether(engine.syntax, group.tables));
  for (const [i, table] of group.tables.entries()) checkCount(table, Number(row?.[`n${i}`]));
}

/**
 * Deepest rows first, so that cascades of the engine find little to do and stay within its depth limit. Checks wait
 * for the commit. Where actions are suspended the order does not matter.
 */
async function inTurns(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const { tx, engine } = place;
  const deleted = new Map(group.tables.map((t) => [t, 0]));
  const deepest = Math.max(...group.tables.map((t) => t.maxDepth));
  for (let level = deepest; level >= 0; level--) {
    for (const [table, n] of deleted)
      deleted.set(table, n + (await tx.run(deleteStatement(engine.syntax, table.set, { level }))));
  }
  // Rows that a cascade of the engine took are not in the count, and a trigger can put rows back.
  const triggers = group.tables.some((t) => t.table.triggers.length > 0);
  for (const [table, n] of deleted) if (triggers || n !== table.rows) await checkGone(place, table);
}
