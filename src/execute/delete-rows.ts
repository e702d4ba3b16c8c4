import { deleteStatement, deleteTogether, inSet, remaining } from "../dialect/change.ts";
import { childFrom, references } from "../dialect/edge.ts";
import type { Engine, Transaction } from "../dialect/engine.ts";
import type { DeletedRows, DeleteGroup } from "../dialect/planned.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";

/** Where rows are deleted. */
export interface DeletePlace {
  readonly tx: Transaction;
  readonly engine: Engine;
  readonly model: Model;
}

/**
 * Deletes the rows of a group in an order that does not depend on the order of constraints, and checks that exactly
 * they are gone.
 * @throws `count-mismatch`
 */
export async function deleteRows(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const [only] = group.tables;
  if (group.tables.length === 1 && only && (group.within.length === 0 || place.engine.capabilities.changesTablesTogether)) {
    return checkCount(only, await place.tx.run(deleteStatement(place.engine.syntax, only.set)));
  }
  if (place.engine.capabilities.changesTablesTogether) return together(place, group);
  return inTurns(place, group);
}

/** One statement for all tables: checks and actions run at its end, when every row of the group is gone. */
async function together({ tx, engine }: DeletePlace, group: DeleteGroup): Promise<void> {
  const [row] = await tx.rows(deleteTogether(engine.syntax, group.tables));
  for (const [i, table] of group.tables.entries()) checkCount(table, Number(row?.[`n${i}`]));
}

/**
 * Deepest rows first, so that cascades of the engine find little to do and stay within its depth limit. Checks wait
 * for the commit; actions do not: where SET NULL or SET DEFAULT would write into rows of the group, rows that nothing
 * in the group references go first.
 */
async function inTurns(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const { tx, engine } = place;
  if (group.within.some((r) => r.onDelete === "set null" || r.onDelete === "set default")) await unreferencedFirst(place, group);
  const deepest = Math.max(...group.tables.map((t) => t.maxDepth));
  for (let level = deepest; level >= 0; level--) {
    for (const { set } of group.tables) await tx.run(deleteStatement(engine.syntax, set, level));
  }
  for (const table of group.tables) {
    const [row] = await tx.rows(remaining(engine.syntax, table.set));
    checkCount(table, table.rows - Number(row?.["n"]));
  }
}

async function unreferencedFirst(place: DeletePlace, group: DeleteGroup): Promise<void> {
  for (let deleted = 1; deleted > 0; ) {
    deleted = 0;
    for (const table of group.tables) deleted += await deleteUnreferenced(place, group, table);
  }
}

/** Deletes the rows of one table that no other row of the group references any more by an acting relation. */
async function deleteUnreferenced({ tx, engine, model }: DeletePlace, group: DeleteGroup, { table, set }: DeletedRows): Promise<number> {
  const { syntax } = engine;
  const acting = group.within.filter((r) => r.parent === table.id && (r.onDelete === "cascade" || r.onDelete.startsWith("set ")));
  const free = acting.map((relation) => {
    const refs = references(syntax, model, relation, { child: "ondelete_c", parent: table.name });
    return sql`not exists (select 1 from ${childFrom(syntax, model, relation)} as ondelete_c where ${refs}${notItself(relation, set.key, table.name)})`;
  });
  return tx.run(sql`delete from ${syntax.table(table)} where ${inSet(set)} and ${allOf(free)}`);
}

function notItself(relation: Relation, key: readonly string[], table: string) {
  return relation.child === relation.parent ? sql` and not (${sameKey("ondelete_c", table, key)})` : sql``;
}

function checkCount({ table, rows }: DeletedRows, deleted: number): void {
  if (deleted === rows) return;
  throw new OnDeleteError("count-mismatch", `${rows} rows of ${table.id} were to be deleted, but ${deleted} were: a trigger or rule on the table interferes.`, {
    hint: "Nothing was changed. Look at the table's triggers and rules.",
    details: { table: table.id, planned: rows, deleted },
  });
}
