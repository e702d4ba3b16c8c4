import { childFrom, references } from "../dialect/edge.ts";
import type { Transaction } from "../dialect/engine.ts";
import type { DeletedRows, References, Roots } from "../dialect/planned.ts";
import { columnsOf, type RowSet, type RowSets, ScratchRowSets, sameKey } from "../dialect/row-set.ts";
import { anyOf, id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH, type ScratchTable } from "../dialect/syntax.ts";
import { noKey } from "../dialect/target.ts";
import { hasCycle, parentsFirst } from "../graph/order.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, identityOf, isUnique, type Table, type TableId } from "../model/table.ts";
import { isReferenced, leafTables } from "./leaves.ts";
import { cascades, keptColumns, type Scope } from "./scope.ts";

/** The rows that go, by table; tables with rows only. */
export interface Closure {
  readonly tables: ReadonlyMap<TableId, DeletedRows>;
  /** The table at which `maxRows` stopped it, null where it is complete. */
  readonly stoppedAt: TableId | null;
}

/** How a closure is computed. */
export interface ClosureTask {
  readonly scope: Scope;
  readonly tx: Transaction;
  readonly sets: RowSets;
  readonly roots: Roots;
  readonly maxRows: number;
  /** Whether rows are about to change: each is locked as it is found, but for those that are not kept. */
  readonly lock: boolean;
  /** Whether rows that nothing references are not kept, but found again by what they reference. */
  readonly derive: boolean;
}

/** The least fixpoint of CASCADE from the roots, computed in the database, set by set. */
export function closureOf(task: ClosureTask): Promise<Closure> {
  return task.sets instanceof ScratchRowSets ? byLevels(task, task.sets) : byJoins(task);
}

/** For an acyclic graph: every table's rows as a union of joins with its parents' rows. */
async function byJoins(task: ClosureTask): Promise<Closure> {
  const { scope, sets } = task;
  const edges = cascades(scope.followed);
  const leaves = task.derive ? leafTables(scope) : [];
  const tables = new Map<TableId, DeletedRows>();
  let left = task.maxRows;
  for (const [tableId] of parentsFirst(scope.reached, edges)) {
    if (tableId === undefined) continue;
    const table = tableOf(scope.model, tableId);
    const incoming = edges.filter((r) => r.child === tableId && tables.has(r.parent));
    if (tableId !== scope.root.id && incoming.length === 0) continue;
    const parents = incoming.flatMap((r) => tables.get(r.parent)?.set ?? []);
    if (identityOf(table).length === 0 && (await reachesAny(task, incoming, tables))) throw noKey(table);
    if (identityOf(table).length === 0) continue;
    const select = tableId === scope.root.id ? rootSelect(task) : joined(task, table, incoming, tables);
    const set = await sets.define(scratchFor(scope, table), select, parents);
    if (task.lock) await lockSet(task, set);
    const by = leaves.includes(tableId) ? { by: referencesOf(incoming, tables) } : {};
    const counted = { ...(await countOf(task, table, set, left)), ...by };
    if (counted.rows > left) return { tables: tables.set(tableId, counted), stoppedAt: tableId };
    left -= counted.rows;
    if (counted.rows > 0 || tableId === scope.root.id) tables.set(tableId, counted);
  }
  return { tables: withRows(tables), stoppedAt: null };
}

/** For any graph: scratch tables, filled level by level from the roots until nothing new is found. */
async function byLevels(task: ClosureTask, sets: ScratchRowSets): Promise<Closure> {
  const { scope } = task;
  const edges = cascades(scope.followed);
  const leaves = task.derive ? leafTables(scope) : [];
  const made = new Map<TableId, RowSet>();
  for (const tableId of scope.reached) {
    if (leaves.includes(tableId)) continue;
    const table = tableOf(scope.model, tableId);
    if (identityOf(table).length > 0) made.set(tableId, await sets.create(scratchFor(scope, table)));
  }
  const rootSet = made.get(scope.root.id);
  if (!rootSet) throw noKey(scope.root);
  let total = await sets.add(rootSet, rootSelect(task));
  let level = new Set(total > 0 ? [scope.root.id] : []);
  for (let depth = 0; level.size > 0 && total <= task.maxRows; depth++) {
    const next = new Set<TableId>();
    for (const relation of edges.filter((r) => level.has(r.parent) && !leaves.includes(r.child))) {
      const added = await addLevel(task, sets, { relation, depth, made, left: task.maxRows - total });
      if (added > 0) next.add(relation.child);
      total += added;
    }
    level = next;
  }
  const tables = new Map<TableId, DeletedRows>();
  for (const [tableId, set] of made)
    tables.set(tableId, await countOf(task, set.table, set, Number.POSITIVE_INFINITY));
  for (const tableId of total > task.maxRows ? [] : leaves) {
    const leaf = await leafRows(task, sets, tableId, tables);
    tables.set(tableId, leaf);
    total += leaf.rows;
    if (total > task.maxRows) level = new Set([tableId]);
  }
  const stoppedAt = total > task.maxRows ? ([...level].sort()[0] ?? scope.root.id) : null;
  return { tables: withRows(tables), stoppedAt };
}

async function leafRows(
  task: ClosureTask,
  sets: ScratchRowSets,
  tableId: TableId,
  tables: ReadonlyMap<TableId, DeletedRows>,
): Promise<DeletedRows> {
  const { scope } = task;
  const table = tableOf(scope.model, tableId);
  const incoming = cascades(scope.followed).filter((r) => r.child === tableId && tables.has(r.parent));
  const set = sets.derive(scratchFor(scope, table), joined(task, table, incoming, tables));
  return {
    ...(await countOf(task, table, set, Number.POSITIVE_INFINITY)),
    by: referencesOf(incoming, tables),
  };
}

const referencesOf = (
  incoming: readonly Relation[],
  tables: ReadonlyMap<TableId, DeletedRows>,
): readonly References[] =>
  incoming.flatMap((relation) => {
    const parents = tables.get(relation.parent);
    return parents ? [{ relation, parents: parents.set, parentRows: parents.rows }] : [];
  });

interface Level {
  readonly relation: Relation;
  readonly depth: number;
  readonly made: ReadonlyMap<TableId, RowSet>;
  /** How many rows may still be found; one more shows that there are more. */
  readonly left: number;
}

async function addLevel(
  task: ClosureTask,
  sets: ScratchRowSets,
  { relation, depth, made, left }: Level,
): Promise<number> {
  const { scope } = task;
  const parent = made.get(relation.parent);
  const child = made.get(relation.child);
  if (!parent) return 0;
  const at = sql`${id("p", DEPTH)} = ${raw(String(depth))}`;
  if (!child) {
    const found = await task.tx.rows(
      sql`select 1 as found ${edgeFrom(scope, relation, parent)} where ${at} limit 1`,
    );
    if (found.length > 0) throw noKey(tableOf(scope.model, relation.child));
    return 0;
  }
  const fresh = sql`not exists (select 1 from ${child.from} as seen where ${sameKey("seen", "c", child.key)})`;
  const columns = list([...columnsOf("c", child.columns), sql`${raw(String(depth + 1))} as ${id(DEPTH)}`]);
  const rows = parentIsUnique(scope, relation)
    ? sql`${edgeFrom(scope, relation, parent)} where ${at} and ${fresh}`
    : sql`${childrenOf(scope, relation, parent, at)} and ${fresh}`;
  return sets.add(child, sql`select ${columns} ${rows}${ending(task, child, left)}`);
}

/** `from children as c where …`: each row once, also where it references several rows of the set. */
function childrenOf(scope: Scope, relation: Relation, parent: RowSet, condition: Sql): Sql {
  const { syntax } = scope.engine;
  const refs = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  return sql`from ${childFrom(syntax, scope.model, relation)} as c where exists (select 1 from ${parent.from} as p where ${condition} and ${refs})`;
}

/** Rows are locked in key order, so that two deletes with rows in common wait for each other and not in a circle. */
function ending(task: ClosureTask, child: RowSet, left: number): Sql {
  const { forUpdate } = task.scope.engine.syntax;
  const limit = Number.isFinite(left) ? raw(` limit ${left + 1}`) : raw("");
  if (!task.lock || !forUpdate) return limit;
  return sql` order by ${list(columnsOf("c", child.key))}${limit} ${forUpdate("c")}`;
}

function rootSelect({ scope, roots, lock }: ClosureTask): Sql {
  const { syntax } = scope.engine;
  const own = (column: string) => id(scope.root.name, column);
  const columns = list([...keptColumns(scope, scope.root).map(own), sql`0 as ${id(DEPTH)}`]);
  const order = sql`order by ${list(identityOf(scope.root).map(own))}`;
  const limit = roots.limit === undefined ? raw("") : raw(`limit ${roots.limit}`);
  const select = sql`select ${columns} ${roots.from}`;
  if (!lock || !syntax.forUpdate)
    return roots.limit === undefined ? select : sql`${select} ${order} ${limit}`;
  return sql`${select} ${order} ${limit} ${syntax.forUpdate(scope.root.name, roots.skipLocked)}`;
}

function joined(
  task: ClosureTask,
  table: Table,
  incoming: readonly Relation[],
  tables: ReadonlyMap<TableId, DeletedRows>,
): Sql {
  const { scope } = task;
  const columns = keptColumns(scope, table);
  const parts = incoming.flatMap((relation) => {
    const parent = tables.get(relation.parent)?.set;
    if (!parent) return [];
    const depth = sql`${id("p", DEPTH)} + 1 as ${id(DEPTH)}`;
    return [sql`select ${list([...columnsOf("c", columns), depth])} ${edgeFrom(scope, relation, parent)}`];
  });
  const [only] = parts;
  const [relation] = incoming;
  if (parts.length === 1 && only && relation && parentIsUnique(scope, relation)) return only;
  const names = list(columns.map((c) => id(c)));
  return sql`select ${names}, min(${id(DEPTH)}) as ${id(DEPTH)} from (${join(parts, " union all ")}) as u group by ${names}`;
}

/** `from parents as p join children as c on …`: rows that reference a row of the set. */
export function edgeFrom(scope: Scope, relation: Relation, parent: RowSet): Sql {
  const { syntax } = scope.engine;
  const keyword = relation.indexed ? syntax.drivenJoin : raw("join");
  const on = references(syntax, scope.model, relation, { child: "c", parent: "p" });
  return sql`from ${parent.from} as p ${keyword} ${childFrom(syntax, scope.model, relation)} as c on ${on}`;
}

/** Whether a child's row can reference one row of the parent at most. */
export function parentIsUnique(scope: Scope, relation: Relation): boolean {
  return !relation.period && isUnique(tableOf(scope.model, relation.parent), relation.parentColumns);
}

async function reachesAny(
  task: ClosureTask,
  incoming: readonly Relation[],
  tables: ReadonlyMap<TableId, DeletedRows>,
): Promise<boolean> {
  for (const relation of incoming) {
    const parent = tables.get(relation.parent)?.set;
    if (!parent) continue;
    const probe = sql`select 1 as found ${edgeFrom(task.scope, relation, parent)} limit 1`;
    if ((await task.tx.rows(task.sets.over([parent], probe))).length > 0) return true;
  }
  return false;
}

async function countOf(task: ClosureTask, table: Table, set: RowSet, left: number): Promise<DeletedRows> {
  const limited = Number.isFinite(left)
    ? sql`(select * from ${set.from} limit ${raw(String(left + 1))})`
    : set.from;
  const count = sql`select count(*) as n, min(${id(DEPTH)}) as lo, max(${id(DEPTH)}) as hi, ${boundsOf(task.scope, set, "counted")} from ${limited} as counted`;
  const [row] = await task.tx.rows(task.sets.over([set], count));
  await checkKeys(task, set);
  return {
    table,
    set,
    rows: Number(row?.n),
    depth: Number(row?.lo ?? 0),
    maxDepth: Number(row?.hi ?? 0),
    bounds: [row?.first ?? null, row?.last ?? null],
  };
}

/**
 * Selects the bounds of a set's keys as `first` and `last`; nulls where no relation references the table: its rows are
 * counted in the index of what they reference, and their keys are not in it.
 */
export function boundsOf(scope: Scope, set: RowSet, alias: string): Sql {
  if (!isReferenced(scope, set.table.id)) return sql`null as ${id("first")}, null as ${id("last")}`;
  const name = set.key[0] ?? "";
  const [first, last] = scope.engine.syntax.extremes(id(alias, name), columnOf(set.table, name));
  return sql`${first} as ${id("first")}, ${last} as ${id("last")}`;
}

/** Locks the rows of a set that is not kept, where rows may reference them, so that none can come in below them. */
async function lockSet({ scope, tx, sets }: ClosureTask, set: RowSet): Promise<void> {
  const { syntax } = scope.engine;
  if (!syntax.forUpdate || !isReferenced(scope, set.table.id)) return;
  const rows = sql`${set.from} as s ${syntax.drivenJoin} ${syntax.rows(set.table)} as t on ${sameKey("t", "s", set.key)}`;
  const locked = sql`select 1 as found from ${rows} order by ${list(columnsOf("t", set.key))} ${syntax.forUpdate("t")}`;
  await tx.rows(sets.over([set], sql`select count(*) as n from (${locked}) as locked`));
}

/** SQLite lets a primary key be null, and then it names no row. */
async function checkKeys(task: ClosureTask, set: RowSet): Promise<void> {
  const nullable = set.key.filter((name) => columnOf(set.table, name).nullable);
  if (nullable.length === 0) return;
  const unnamed = anyOf(nullable.map((name) => sql`${id("s", name)} is null`));
  const probe = sql`select 1 as found from ${set.from} as s where ${unnamed} limit 1`;
  if ((await task.tx.rows(task.sets.over([set], probe))).length > 0) throw noKey(set.table);
}

function scratchFor(scope: Scope, table: Table): ScratchTable {
  const name = `ondelete_d_${scope.reached.indexOf(table.id)}`;
  // Without a cycle there are few levels, and an index would cost more than it saves.
  const byDepth = hasCycle(scope.reached, cascades(scope.followed));
  return { name, source: table, columns: keptColumns(scope, table), key: identityOf(table), byDepth };
}

const withRows = (tables: Map<TableId, DeletedRows>): ReadonlyMap<TableId, DeletedRows> =>
  new Map([...tables].filter(([, t]) => t.rows > 0));
