import { childFrom, references } from "../dialect/edge.ts";
import { type RowSet, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { anyOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { rootCondition } from "../dialect/target.ts";
import type { Key } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import { type Analysis, analyse } from "./analysis.ts";
import { keys } from "./sample.ts";
import { cascades } from "./scope.ts";

/** How many deletable roots a plan lists. */
export const ROOTS_LISTED = 1_000;

/** Up to how many roots are tried one by one, where updates that fail may be due to another root. */
export const TRIED_ONE_BY_ONE = 50;

type Sets = ReadonlyMap<TableId, RowSet>;

/** A closure in scratch tables and what holds it back. */
interface DeletableTask extends Pick<Analysis, "scope" | "closure" | "blockers" | "reader"> {
  readonly sets: ScratchRowSets;
  /** Rows that a blocker, or another row that stays, keeps from going. */
  readonly held: Sets;
}

/**
 * The roots that could be deleted now: the largest part of them whose own closure meets no blocker. A row is held
 * where a blocker holds it, where a row that would go with it is held, and where a row that does not go after all
 * refuses it; rows go as long as a root that is not held leads to them. The analysis keeps its rows in scratch tables.
 */
export async function deletableRoots(analysis: Analysis): Promise<readonly Key[]> {
  const { scope, closure, reader } = analysis;
  const sets = new ScratchRowSets(reader.tx, scope.engine.syntax);
  const root = closure.tables.get(scope.root.id);
  if (!root) return [];
  const task: DeletableTask = { ...analysis, sets, held: await emptySets(analysis, sets, "ondelete_h") };
  for (const { blocker, cause, held } of task.blockers) {
    if (held) await holdThese(task, blocker.table, held);
    else if (cause) await hold(task, cause.relation, referencedBy(task, cause.relation, cause.rows));
    else await holdAll(task, closure.tables.has(blocker.table) ? blocker.table : scope.root.id);
  }
  for (let round = 0, more = true; more; round++) {
    await holdUpwards(task);
    more = await holdByStaying(task, await going(task, round));
  }
  const free = sql`select ${list(root.set.key.map((c) => id("d", c)))} from ${root.set.from} as d where ${id("d", DEPTH)} = 0 and ${notIn(task.held, scope.root.id, "d")}`;
  return keys({ ...reader, sets }, scope.root, free, { uses: [], limit: ROOTS_LISTED });
}

/**
 * The roots, in the order given, that can go with those before them that can go. Whether an update fails depends on
 * all rows that go, such as the row that a default references, so that nothing but trying tells.
 */
export async function deletableOneByOne(analysis: Analysis, roots: readonly Key[]): Promise<readonly Key[]> {
  const { task, scope } = analysis;
  const free: Key[] = [];
  for (const [i, root] of roots.entries()) {
    const conditions = [...free, root].map((values) =>
      rootCondition(scope.engine.syntax, scope.root, { kind: "columns", values }),
    );
    const tried = await analyse({
      ...task,
      roots: {
        from: sql`from ${scope.engine.syntax.rows(scope.root)} where ${anyOf(conditions.map((c) => sql`(${c})`))}`,
      },
      label: `_${i}`,
    });
    if (tried.blockers.length === 0) free.push(root);
  }
  return free;
}

async function emptySets(
  { closure }: Pick<Analysis, "closure">,
  sets: ScratchRowSets,
  prefix: string,
): Promise<Sets> {
  const made = new Map<TableId, RowSet>();
  for (const [tableId, { table, set }] of closure.tables) {
    made.set(
      tableId,
      await sets.create({
        name: `${prefix}_${made.size}`,
        source: table,
        columns: set.columns,
        key: set.key,
      }),
    );
  }
  return made;
}

/** The rows that roots lead to which are not held. */
async function going(task: DeletableTask, round: number): Promise<Sets> {
  const { scope, closure, sets } = task;
  const { syntax } = scope.engine;
  const made = await emptySets(task, sets, `ondelete_g${round}`);
  const roots = closure.tables.get(scope.root.id)?.set;
  const start = made.get(scope.root.id);
  if (!roots || !start) return made;
  await sets.add(
    start,
    sql`select ${allColumns(start, "p")} from ${roots.from} as p where ${id("p", DEPTH)} = 0 and ${notIn(task.held, scope.root.id, "p")}`,
  );
  for (let more = true; more; ) {
    more = false;
    for (const relation of cascades(scope.followed)) {
      const [parent, child, all] = [
        made.get(relation.parent),
        made.get(relation.child),
        closure.tables.get(relation.child)?.set,
      ];
      if (!parent || !child || !all) continue;
      const refs = references(syntax, scope.model, relation, { child: "c", parent: "g" });
      const led = sql`exists (select 1 from ${childFrom(syntax, scope.model, relation)} as c join ${parent.from} as g on ${refs} where ${sameKey("c", "p", child.key)})`;
      const added = await sets.add(
        child,
        sql`select ${allColumns(child, "p")} from ${all.from} as p where ${notIn(made, relation.child, "p")} and ${led}`,
      );
      if (added > 0) more = true;
    }
  }
  return made;
}

/** Holds what held rows would have to go with or refuse, to fixpoint. */
async function holdUpwards(task: DeletableTask): Promise<void> {
  const within = relationsWithin(task, "cascade", "restrict", "no action");
  for (let more = true; more; ) {
    more = false;
    for (const relation of within) {
      const rows = task.held.get(relation.child);
      if (rows && (await hold(task, relation, isIn(rows))) > 0) more = true;
    }
  }
}

/** Holds what planned rows refuse that do not go after all. */
async function holdByStaying(task: DeletableTask, goingRows: Sets): Promise<boolean> {
  let more = false;
  for (const relation of relationsWithin(task, "restrict", "no action")) {
    const all = task.closure.tables.get(relation.child)?.set;
    if (!all) continue;
    if ((await hold(task, relation, sql`${isIn(all)} and ${notIn(goingRows, relation.child, "c")}`)) > 0)
      more = true;
  }
  return more;
}

function relationsWithin({ scope, held }: DeletableTask, ...actions: readonly string[]): readonly Relation[] {
  return scope.followed.filter(
    (r) => held.has(r.child) && held.has(r.parent) && actions.includes(r.onDelete),
  );
}

/** Holds the planned rows that children `c` with the condition reference, and returns how many more they are. */
async function hold(task: DeletableTask, relation: Relation, condition: Sql): Promise<number> {
  const { scope, closure, sets, held } = task;
  const { syntax } = scope.engine;
  const parent = closure.tables.get(relation.parent)?.set;
  const target = held.get(relation.parent);
  if (!parent || !target) return 0;
  const refs = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  const referenced = sql`exists (select 1 from ${childFrom(syntax, scope.model, relation)} as c where ${refs} and ${condition})`;
  return sets.add(
    target,
    sql`select ${allColumns(target, "p")} from ${parent.from} as p where ${notIn(held, relation.parent, "p")} and ${referenced}`,
  );
}

/** The children of a blocker: given rows, or else all that stay. */
function referencedBy({ closure }: DeletableTask, relation: Relation, rows: RowSet | null): Sql {
  if (rows) return isIn(rows);
  return notIn(new Map([...closure.tables].map(([t, { set }]) => [t, set])), relation.child, "c");
}

/** Holds the planned rows of a table whose keys a select yields. */
async function holdThese(task: DeletableTask, table: TableId, select: Sql): Promise<void> {
  const target = task.held.get(table);
  const all = task.closure.tables.get(table)?.set;
  if (!target || !all) return;
  const these = sql`exists (select 1 from (${select}) as x where ${sameKey("x", "p", all.key)})`;
  await task.sets.add(
    target,
    sql`select ${allColumns(target, "p")} from ${all.from} as p where ${notIn(task.held, table, "p")} and ${these}`,
  );
}

async function holdAll(task: DeletableTask, table: TableId): Promise<void> {
  const target = task.held.get(table);
  const all = task.closure.tables.get(table)?.set;
  if (!target || !all) return;
  await task.sets.add(
    target,
    sql`select ${allColumns(target, "p")} from ${all.from} as p where ${notIn(task.held, table, "p")}`,
  );
}

const isIn = (rows: RowSet): Sql =>
  sql`exists (select 1 from ${rows.from} as x where ${sameKey("x", "c", rows.key)})`;

function notIn(sets: Sets, table: TableId, alias: string): Sql {
  const set = sets.get(table);
  return set
    ? sql`not exists (select 1 from ${set.from} as h where ${sameKey("h", alias, set.key)})`
    : raw("1 = 1");
}

const allColumns = (set: RowSet, alias: string): Sql =>
  list([...set.columns, DEPTH].map((c) => id(alias, c)));
