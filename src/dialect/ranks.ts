import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import { childFrom, references } from "./edge.ts";
import type { Transaction } from "./engine.ts";
import { columnsOf, type RowSet, ScratchRowSets, sameKey } from "./row-set.ts";
import { allOf, id, list, raw, type Sql, sql } from "./sql.ts";
import { DEPTH, type Syntax } from "./syntax.ts";

export type RowSetsByTable = ReadonlyMap<TableId, RowSet>;

/** Rows that reference each other, to be put into an order. */
export interface RankTask {
  readonly tx: Transaction;
  readonly syntax: Syntax;
  readonly model: Model;
  /** The rows, with their key and all columns that the relations reference. */
  readonly sets: RowSetsByTable;
  /** Relations between tables of the sets. */
  readonly relations: readonly Relation[];
  /** Where the referencing columns of a row are read: in its table, or in the set itself where the row is not there yet. */
  readonly source: "tables" | "sets";
  /** Told apart from that of other ranks in the transaction. */
  readonly label: string;
  /** Whether a row that references itself by the relation waits for itself. */
  readonly waitsForItself: (relation: Relation) => boolean;
}

export interface Ranks {
  /** The rows that have a rank: DEPTH, from 0; each row comes after all that it waits for. */
  readonly ranked: RowSetsByTable;
  /** How many ranks there are. */
  readonly levels: number;
  /** Whether rows wait for each other in circles, and so have none. */
  readonly left: boolean;
}

/** Ranks each row after the rows that reference it. */
export const rankChildrenFirst = (task: RankTask): Promise<Ranks> => rank(task, newChildren);

/** Ranks each row after the rows that it references. */
export const rankParentsFirst = (task: RankTask): Promise<Ranks> => rank(task, newParents);

type Round = (
  task: RankTask,
  ranked: RowSetsByTable,
  at: { table: TableId; level: number },
) => readonly Sql[];

async function rank(whole: RankTask, selects: Round): Promise<Ranks> {
  const relations = whole.relations.filter((r) => whole.sets.has(r.child) && whole.sets.has(r.parent));
  const task = { ...whole, relations };
  const sets = new ScratchRowSets(task.tx, task.syntax, task.label);
  const ranked = new Map<TableId, RowSet>();
  let missing = 0;
  for (const [i, [table, { table: source, key, from }]] of [...task.sets].entries()) {
    ranked.set(
      table,
      await sets.create({ name: `ondelete_k_${i}`, source, columns: key, key, byDepth: true }),
    );
    const [row] = await task.tx.rows(sql`select count(*) as n from ${from} as s`);
    missing += Number(row?.n);
  }
  for (let level = 0; ; level++) {
    let added = 0;
    for (const [table, made] of ranked)
      for (const select of selects(task, ranked, { table, level })) added += await sets.add(made, select);
    missing -= added;
    if (added === 0 || missing === 0)
      return { ranked, levels: added === 0 ? level : level + 1, left: missing > 0 };
  }
}

/** The rows of the sets that reference each other in circles; an empty map where there are none. */
export async function cyclicRows(task: RankTask): Promise<RowSetsByTable> {
  const below = await rankChildrenFirst({ ...task, label: `${task.label}_below` });
  if (!below.left) return new Map();
  const left = await unranked(task, below.ranked, "_left");
  const above = await rankParentsFirst({ ...task, sets: left, label: `${task.label}_above` });
  return unranked({ ...task, sets: left }, above.ranked, "_cyclic");
}

/** The rows that have no rank, tables with rows only. */
export async function unranked(
  task: RankTask,
  ranked: RowSetsByTable,
  label: string,
): Promise<RowSetsByTable> {
  const sets = new ScratchRowSets(task.tx, task.syntax, `${task.label}${label}`);
  const out = new Map<TableId, RowSet>();
  for (const [i, [table, set]] of [...task.sets].entries()) {
    const { columns, key, table: source } = set;
    const select = sql`select ${list([...columnsOf("s", columns), id("s", DEPTH)])} from ${set.from} as s where not ${isRanked(ranked, table, "s")}`;
    const made = await sets.create({ name: `ondelete_l_${i}`, source, columns, key });
    if ((await sets.add(made, select)) > 0) out.set(table, made);
  }
  return out;
}

/** Rows all of whose children have a rank below `level`, found from the children that got theirs in the last round. */
function newChildren(
  task: RankTask,
  ranked: RowSetsByTable,
  { table, level }: { table: TableId; level: number },
) {
  const set = setOf(task.sets, table);
  const columns = list([...columnsOf("p", set.key), depth(level)]);
  const free = allOf([
    sql`not ${isRanked(ranked, table, "p")}`,
    ...task.relations
      .filter((r) => r.parent === table)
      .map((r) => sql`not exists (${waitingChildren(task, ranked, r, level)})`),
  ]);
  if (level === 0) return [sql`select ${columns} from ${set.from} as p where ${free}`];
  return task.relations
    .filter((r) => r.parent === table)
    .map((r) => {
      const child = setOf(ranked, r.child);
      const rows = sql`${child.from} as f ${task.syntax.drivenJoin} ${childFrom(task.syntax, task.model, r)} as c on ${sameKey("f", "c", child.key)}`;
      return sql`select distinct ${columns} from ${rows} join ${set.from} as p on ${refers(task, r)} where ${id("f", DEPTH)} = ${raw(String(level - 1))} and ${free}`;
    });
}

function waitingChildren(task: RankTask, ranked: RowSetsByTable, relation: Relation, level: number): Sql {
  const set = setOf(task.sets, relation.child);
  const child = childFrom(task.syntax, task.model, relation);
  const others = allOf([refers(task, relation), ...otherRow(task, relation, set.key)]);
  return sql`select 1 from ${child} as c ${task.syntax.drivenJoin} ${set.from} as s on ${sameKey("s", "c", set.key)} where ${others} and not ${isRanked(ranked, relation.child, "c", level)}`;
}

/** Rows all of whose parents have a rank below `level`, found from the parents that got theirs in the last round. */
function newParents(
  task: RankTask,
  ranked: RowSetsByTable,
  { table, level }: { table: TableId; level: number },
) {
  const set = setOf(task.sets, table);
  const rows =
    task.source === "sets"
      ? sql`${set.from} as c`
      : sql`${set.from} as s join ${task.syntax.rows(set.table)} as c on ${sameKey("s", "c", set.key)}`;
  const free = task.relations
    .filter((r) => r.child === table)
    .map((r) => {
      const parent = setOf(task.sets, r.parent);
      const others = allOf([refers(task, r), ...otherRow(task, r, parent.key)]);
      return sql`not exists (select 1 from ${parent.from} as p where ${others} and not ${isRanked(ranked, r.parent, "p", level)})`;
    });
  const columns = list([...columnsOf("c", set.key), depth(level)]);
  const fresh = allOf([sql`not ${isRanked(ranked, table, "c")}`, ...free]);
  if (level === 0) return [sql`select ${columns} from ${rows} where ${fresh}`];
  const { drivenJoin } = task.syntax;
  return task.relations
    .filter((r) => r.child === table)
    .map((r) => {
      const parent = setOf(task.sets, r.parent);
      const last = sql`${setOf(ranked, r.parent).from} as f ${drivenJoin} ${parent.from} as p on ${sameKey("f", "p", parent.key)}`;
      const at = sql`${id("f", DEPTH)} = ${raw(String(level - 1))}`;
      return sql`select distinct ${columns} from ${last} ${drivenJoin} (select c.* from ${rows}) as c on ${refers(task, r)} where ${at} and ${fresh}`;
    });
}

const refers = (task: RankTask, relation: Relation): Sql =>
  references(task.syntax, task.model, relation, { child: "c", parent: "p" });

/** A row does not wait for itself, unless the engine makes it. */
function otherRow(task: RankTask, relation: Relation, key: readonly string[]): readonly Sql[] {
  if (relation.child !== relation.parent || task.waitsForItself(relation)) return [];
  return [sql`not (${sameKey("c", "p", key)})`];
}

function isRanked(ranked: RowSetsByTable, table: TableId, alias: string, below?: number): Sql {
  const { from, key } = setOf(ranked, table);
  const level = below === undefined ? raw("") : sql` and ${id("k", DEPTH)} < ${raw(String(below))}`;
  return sql`exists (select 1 from ${from} as k where ${sameKey("k", alias, key)}${level})`;
}

const depth = (level: number): Sql => sql`${raw(String(level))} as ${id(DEPTH)}`;

function setOf(sets: RowSetsByTable, table: TableId): RowSet {
  const set = sets.get(table);
  if (!set) throw new Error(`bug in ondelete: no rows of ${table} to rank`);
  return set;
}
