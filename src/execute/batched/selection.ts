import type { Roots } from "../../dialect/planned.ts";
import { type RowSet, ScratchRowSets } from "../../dialect/row-set.ts";
import { allOf, id, list, type Sql, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import { unreachable } from "../../error.ts";
import type { ArchivePlace } from "../../journal/archive.ts";
import { listedRows } from "../../journal/work.ts";
import { tableOf } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import { identityOf, type Table } from "../../model/table.ts";
import type { WorkList } from "../../model/work.ts";
import type { BatchTask, Worker } from "./worker.ts";

/** An alias that no table has as its name. */
export const SLICE = "ondelete:slice";

/** The keys of the slice in a scratch table. */
export async function sliceOf(
  { model, work, engine }: Worker,
  place: ArchivePlace,
  { source, slice }: BatchTask,
): Promise<{ readonly made: RowSet; readonly listed: WorkList }> {
  const listed = work.lists.find((l) => l.list === source.list) ?? unreachable("a step without its list");
  const table = tableOf(model, listed.table);
  const key = identityOf(table);
  const sets = new ScratchRowSets(place.tx, engine.syntax);
  const made = await sets.create({ name: "ondelete_slice", source: table, columns: listed.columns, key: [] });
  const rows = listedRows(place, listed, { table, key, slice: slice.rows });
  await sets.add(made, sql`select a.*, 0 as ${id(DEPTH)} from (${rows}) as a`);
  return { made, listed };
}

/** Those rows of a slice that still are what they were, as a set. */
export async function stillParents(
  worker: Worker,
  place: ArchivePlace,
  { made, listed }: { readonly made: RowSet; readonly listed: WorkList },
): Promise<RowSet> {
  const { syntax } = worker.engine;
  const still = stillThere(worker, listed, { own: "p", set: "s" });
  const own = list([...made.columns.map((c) => id("p", c)), sql`0 as ${id(DEPTH)}`]);
  const sets = new ScratchRowSets(place.tx, syntax);
  const { table, columns } = made;
  const key = identityOf(table);
  const set = await sets.create({ name: "ondelete_parents", source: table, columns, key });
  await sets.add(
    set,
    sql`select ${own} from ${made.from} as s ${syntax.drivenJoin} ${syntax.rows(table)} as p on ${still}`,
  );
  return set;
}

/** The rows of the batch: those of a slice of a list, or some of those that reference them; as long as they still are what they were. */
export async function rootsOf(worker: Worker, place: ArchivePlace, task: BatchTask): Promise<Roots> {
  const { model, engine } = worker;
  const { step, source } = task;
  const { made, listed } = await sliceOf(worker, place, task);
  const { table } = made;
  const skipLocked = task.from.position.pass === "skipping";
  const { drivenJoin } = engine.syntax;
  if (source.relation === null) {
    const still = stillThere(worker, listed, { own: table.name, set: SLICE });
    const from = sql`from ${made.from} as ${id(SLICE)} ${drivenJoin} ${engine.syntax.rows(table)} on ${still}`;
    return { from, skipLocked };
  }
  const relation = relationOf(worker, source.relation);
  const from = referencing(worker, { relation, listed, made, child: tableOf(model, step.table) });
  return { from, skipLocked, limit: task.limit };
}

interface Referencing {
  readonly relation: Relation;
  readonly listed: WorkList;
  readonly made: RowSet;
  readonly child: Table;
}

function referencing(worker: Worker, { relation, listed, made, child }: Referencing): Sql {
  const { syntax } = worker.engine;
  const still = stillThere(worker, listed, { own: "p", set: "s" });
  const values = relation.parentColumns.map((c, i) => sql`${id("p", c)} as ${id(`value_${i}`)}`);
  const parents = sql`select distinct ${list(values)} from ${made.from} as s ${syntax.drivenJoin} ${syntax.rows(made.table)} as p on ${still}`;
  const on = relation.columns.map((c, i) => sql`${id(child.name, c)} = ${id(SLICE, `value_${i}`)}`);
  const keyword = relation.indexed ? syntax.drivenJoin : sql`join`;
  return sql`from (${parents}) as ${id(SLICE)} ${keyword} ${syntax.rows(child)} on ${allOf(on)}`;
}

/** Whether a row is the one of the list, and still references what it did by the relation through which it was found. */
function stillThere(
  worker: Worker,
  { table, via }: WorkList,
  { own, set }: { readonly own: string; readonly set: string },
): Sql {
  const relation = via === null ? null : relationOf(worker, via);
  const columns = [
    ...identityOf(tableOf(worker.model, table)),
    ...(relation?.columns ?? []),
    ...(relation?.when ? [relation.when.column] : []),
  ];
  return allOf([...new Set(columns)].map((c) => sql`${id(own, c)} = ${id(set, c)}`));
}

export const relationOf = ({ relations }: Worker, wanted: string): Relation =>
  relations.find((r) => r.id === wanted) ?? unreachable(`no relation ${wanted}`);
