import { deleteStatement, matching } from "../dialect/change.ts";
import type { DeleteGroup } from "../dialect/planned.ts";
import {
  cyclicRows,
  type RankTask,
  type RowSetsByTable,
  rankChildrenFirst,
  unranked,
} from "../dialect/ranks.ts";
import { releasable, waitsForItself, withinAtOnce } from "../dialect/release.ts";
import { raw } from "../dialect/sql.ts";
import type { DeletePlace } from "./delete-place.ts";

/**
 * Deletes rows of tables that reference each other where the engine checks at once, row by row: each row after those
 * that reference it. Where rows reference each other in circles, references that can be null are undone first; what is
 * left then are circles of CASCADE alone, which the engine deletes itself.
 */
export async function deleteByRank(place: DeletePlace, group: DeleteGroup): Promise<void> {
  const sets = new Map(group.tables.map((t) => [t.table.id, t.set]));
  const task: RankTask = {
    ...place,
    syntax: place.engine.syntax,
    sets,
    relations: withinAtOnce(place.model.relations),
    source: "tables",
    label: `_${group.tables[0]?.set.name ?? ""}`,
    waitsForItself,
  };
  let ranks = await rankChildrenFirst(task);
  if (ranks.left) {
    await release(place, task, await unranked(task, ranks.ranked, "_released"));
    ranks = await rankChildrenFirst({ ...task, label: `${task.label}_2` });
  }
  for (let again = 3; ranks.left; again++) {
    // What hangs on a circle goes before it: the engine's cascade around it would meet these rows.
    await deleteLevels(place, ranks.ranked, ranks.levels);
    await deleteCircles(place, { ...task, label: `${task.label}_${again}c` });
    ranks = await rankChildrenFirst({ ...task, label: `${task.label}_${again}` });
  }
  await deleteLevels(place, ranks.ranked, ranks.levels);
}

async function deleteLevels(
  { tx, engine }: DeletePlace,
  ranked: RowSetsByTable,
  levels: number,
): Promise<void> {
  for (let level = 0; level < levels; level++)
    for (const set of ranked.values()) await tx.run(deleteStatement(engine.syntax, set, { level }));
}

async function release(
  { tx, engine, model }: DeletePlace,
  task: RankTask,
  rows: RowSetsByTable,
): Promise<void> {
  for (const relation of task.relations) {
    const set = rows.get(relation.child);
    const column = releasable(model, relation);
    if (!set || column === null) continue;
    await tx.run(engine.syntax.updateRows(matching([set]), new Map([[column, raw("null")]])));
  }
}

async function deleteCircles({ tx, engine }: DeletePlace, task: RankTask): Promise<void> {
  for (const set of (await cyclicRows(task)).values()) await tx.run(deleteStatement(engine.syntax, set));
}
