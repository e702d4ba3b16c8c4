import { childFrom, references } from "../dialect/edge.ts";
import type { Transaction } from "../dialect/engine.ts";
import { type RowSet, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import type { Key } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import type { Analysis } from "./analysis.ts";
import { keys } from "./sample.ts";

/** How many deletable roots a plan lists. */
export const ROOTS_LISTED = 1_000;

/** A closure in scratch tables and what holds it back. */
interface DeletableTask extends Pick<Analysis, "scope" | "closure" | "blockers"> {
  readonly tx: Transaction;
  readonly sets: ScratchRowSets;
}

/**
 * The roots that could be deleted now: the largest part of them whose own closure meets no blocker. A row is held
 * back where a blocker holds it, and where a row that would go with it or refuses it is held back; what is left can go.
 */
export async function deletableRoots(analysis: Analysis): Promise<readonly Key[]> {
  const { scope, closure, reader } = analysis;
  const { tx } = reader;
  const sets = new ScratchRowSets(tx, scope.engine.syntax);
  const task: DeletableTask = { ...analysis, tx, sets };
  const root = closure.tables.get(scope.root.id);
  if (!root) return [];
  const held = new Map<TableId, RowSet>();
  for (const [tableId, { table, set }] of closure.tables) {
    const name = `ondelete_h_${held.size}`;
    held.set(tableId, await sets.create({ name, source: table, columns: set.columns, key: set.key }));
  }
  for (const { blocker, cause } of task.blockers) {
    if (cause) await hold(task, held, cause.relation, cause.rows);
    else await holdAll(task, held, blocker.table);
  }
  await propagate(task, held);
  const heldRoots = held.get(scope.root.id) as RowSet;
  const free = sql`select ${list(root.set.key.map((c) => id("d", c)))} from ${root.set.from} as d where ${id("d", DEPTH)} = 0 and not exists (select 1 from ${heldRoots.from} as h where ${sameKey("h", "d", root.set.key)})`;
  return keys({ tx, sets, syntax: scope.engine.syntax }, scope.root, free, { uses: [], limit: ROOTS_LISTED });
}

async function propagate(task: DeletableTask, held: ReadonlyMap<TableId, RowSet>): Promise<void> {
  const within = task.scope.followed.filter(
    (r) =>
      held.has(r.child) && held.has(r.parent) && ["cascade", "restrict", "no action"].includes(r.onDelete),
  );
  for (let more = true; more; ) {
    more = false;
    for (const relation of within) {
      if ((await hold(task, held, relation, held.get(relation.child) ?? null)) > 0) more = true;
    }
  }
}

/** Holds the planned parents of the given rows, or, without rows, of every referencing row that stays. */
async function hold(
  task: DeletableTask,
  held: ReadonlyMap<TableId, RowSet>,
  relation: Relation,
  rows: RowSet | null,
): Promise<number> {
  const { scope, sets, closure } = task;
  const { syntax } = scope.engine;
  const parent = closure.tables.get(relation.parent)?.set;
  const target = held.get(relation.parent);
  if (!parent || !target) return 0;
  const refs = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  const gone = closure.tables.get(relation.child)?.set;
  const referencing: Sql = rows
    ? sql`exists (select 1 from ${rows.from} as r where ${sameKey("r", "c", rows.key)})`
    : gone
      ? sql`not exists (select 1 from ${gone.from} as g where ${sameKey("g", "c", gone.key)})`
      : raw("1 = 1");
  const columns = list([...target.columns.map((c) => id("p", c)), id("p", DEPTH)]);
  return sets.add(
    target,
    sql`select ${columns} from ${parent.from} as p where not exists (select 1 from ${target.from} as h where ${sameKey("h", "p", target.key)}) and exists (select 1 from ${childFrom(syntax, scope.model, relation)} as c where ${refs} and ${referencing})`,
  );
}

async function holdAll(
  task: DeletableTask,
  held: ReadonlyMap<TableId, RowSet>,
  table: TableId,
): Promise<void> {
  const target = held.get(table);
  const all = task.closure.tables.get(table)?.set;
  if (!target || !all) {
    // An update that may not be made concerns every root: which of them, the privilege does not say.
    for (const [tableId, set] of held) if (tableId === task.scope.root.id) await copyAll(task, set);
    return;
  }
  await copyAll(task, target);
}

async function copyAll(task: DeletableTask, target: RowSet): Promise<void> {
  const all = task.closure.tables.get(target.table.id)?.set;
  if (!all) return;
  const columns = list([...target.columns.map((c) => id("p", c)), id("p", DEPTH)]);
  await task.sets.add(
    target,
    sql`select ${columns} from ${all.from} as p where not exists (select 1 from ${target.from} as h where ${sameKey("h", "p", target.key)})`,
  );
}
