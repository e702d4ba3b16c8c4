import { changeTogether, deleteStatement, remaining } from "../dialect/change.ts";
import type { Engine, Transaction } from "../dialect/engine.ts";
import type { DeletedRows, DeleteGroup } from "../dialect/planned.ts";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Report } from "../model/progress.ts";

/** Where rows are deleted. */
export interface DeletePlace {
  readonly tx: Transaction;
  readonly engine: Engine;
  readonly model: Model;
  readonly report: Report;
}

/**
 * Deletes the rows of a group in an order that does not depend on the order of constraints, and checks that exactly
 * they are gone.
 * @throws `count-mismatch`
 */
export async function deleteRows(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const [only] = group.tables;
  if (
    group.tables.length === 1 &&
    only &&
    (group.within.length === 0 || place.engine.capabilities.changesTablesTogether)
  ) {
    return checkCount(only, await place.tx.run(deleteStatement(place.engine.syntax, only.set)));
  }
  if (place.engine.capabilities.changesTablesTogether) return together(place, group);
  return inTurns(place, group);
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
async function inTurns({ tx, engine }: DeletePlace, group: DeleteGroup): Promise<void> {
  const deepest = Math.max(...group.tables.map((t) => t.maxDepth));
  for (let level = deepest; level >= 0; level--) {
    for (const { set } of group.tables) await tx.run(deleteStatement(engine.syntax, set, level));
  }
  for (const table of group.tables) {
    const [row] = await tx.rows(remaining(engine.syntax, table.set));
    checkCount(table, table.rows - Number(row?.n));
  }
}

/** @throws `count-mismatch` where another number of rows was deleted than planned */
export function checkCount({ table, rows }: DeletedRows, deleted: number): void {
  if (deleted === rows) return;
  throw new OnDeleteError(
    "count-mismatch",
    `${rows} rows of ${table.id} were to be deleted, but ${deleted} were: a trigger or rule on the table interferes.`,
    {
      hint: "Nothing was changed. Look at the table's triggers and rules.",
      details: { table: table.id, planned: rows, deleted },
    },
  );
}
