import { childFrom, references } from "../dialect/edge.ts";
import { cyclicRows, type RowSetsByTable } from "../dialect/ranks.ts";
import { waitsForItself } from "../dialect/release.ts";
import { columnsOf, sameKey } from "../dialect/row-set.ts";
import { type Sql, sql } from "../dialect/sql.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { type BlockerFound, type BlockerTask, found } from "./found.ts";
import { circles } from "./scope.ts";

/**
 * Rows that reference each other in a circle which no order of deletes resolves: the engine checks at once, no
 * reference of the circle can be null, and one of them refuses. A circle of CASCADE alone the engine deletes itself.
 */
export async function requiredCycles(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { scope, reader, closure } = task;
  if (!scope.engine.capabilities.checksAtOnce) return [];
  const out: BlockerFound[] = [];
  for (const [i, relations] of circles(scope).entries()) {
    const tables = new Set(relations.flatMap((r) => [r.child, r.parent]));
    const sets = new Map([...closure.tables].filter(([t]) => tables.has(t)).map(([t, { set }]) => [t, set]));
    if (sets.size === 0) continue;
    const cyclic = await cyclicRows({
      tx: reader.tx,
      syntax: scope.engine.syntax,
      model: scope.model,
      sets,
      relations,
      source: "tables",
      label: `_${i}_${[...sets.values()][0]?.name ?? ""}`,
      waitsForItself,
    });
    for (const relation of relations.filter((r) => r.onDelete !== "cascade"))
      out.push(...(await refusing(task, relation, cyclic)));
  }
  return out;
}

async function refusing(
  task: BlockerTask,
  relation: Relation,
  cyclic: RowSetsByTable,
): Promise<readonly BlockerFound[]> {
  const [child, parent] = [cyclic.get(relation.child), cyclic.get(relation.parent)];
  if (!child || !parent) return [];
  const { scope } = task;
  const refs = references(scope.engine.syntax, scope.model, relation, { child: "c", parent: "p" });
  const select: Sql = sql`select ${sql.join(columnsOf("s", child.key))} from ${child.from} as s join ${childFrom(scope.engine.syntax, scope.model, relation)} as c on ${sameKey("s", "c", child.key)} join ${parent.from} as p on ${refs}`;
  return found(task, {
    relation: relation.id,
    table: tableOf(scope.model, relation.child),
    action: relation.onDelete,
    reason: "required-cycle",
    message: `Rows of ${relation.child} and ${relation.parent} reference each other in a circle by ${relation.name ? `constraint ${relation.name}` : relation.id} (${relation.onDelete}), and no column of it can be set to null: this engine has no order in which they can be deleted.`,
    select,
    uses: [child, parent],
    cause: { relation, rows: child },
  });
}
