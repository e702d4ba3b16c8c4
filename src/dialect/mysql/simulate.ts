import type { Relation } from "../../model/relation.ts";
import { columnOf, type Index, type Table } from "../../model/table.ts";
import { Refused, Unforeseen } from "../native-end.ts";
import type { NativeRow, Values } from "../native-facts.ts";
import { actionValues, changes, type NativeRun, passedOn, type Version } from "../native-run.ts";

/** How many rows stand above one that a cascade reaches, at most (FK_MAX_CASCADE_DEL). */
const DEPTH_LIMIT = 15;

/** A row that is being changed, and what is being done to it. */
interface Link {
  readonly row: NativeRow;
  readonly kind: "delete" | "update";
}

interface State {
  readonly run: NativeRun;
  /** Rows that are being deleted, and the index that they were deleted from last. */
  readonly open: Map<string, Place>;
}

/**
 * InnoDB deletes row by row, and each row index by index: first from the clustered one, whereupon the constraints that
 * reference it are looked at, by name, then from the others in turn, each with those that reference it. A row that is
 * being deleted is still found by an index that it was not deleted from.
 * @see https://github.com/MariaDB/server/blob/10.11/storage/innobase/row/row0upd.cc (row_upd_check_references_constraints)
 * @see https://github.com/MariaDB/server/blob/10.11/storage/innobase/row/row0ins.cc (row_ins_foreign_check_on_constraint)
 */
export function simulate(run: NativeRun, roots: readonly NativeRow[]): void {
  const state: State = { run, open: new Map() };
  for (const row of run.ordered(roots)) if (!run.isGone(row)) remove(state, row, []);
}

function remove(state: State, row: NativeRow, above: readonly Link[]): void {
  const { run, open } = state;
  if (above.length > DEPTH_LIMIT) throw new Refused(null, "depth");
  const old = run.version(row);
  run.remove(row);
  const chain: readonly Link[] = [...above, { row, kind: "delete" }];
  const act = (relation: Relation) => {
    for (const child of comeUpon(run, relation, old)) {
      if (!isFound(state, child, relation)) continue;
      if (relation.onDelete === "restrict" || relation.onDelete === "no action")
        throw new Refused(relation, "referenced");
      if (relation.onDelete === "cascade") {
        if (!run.isGone(child)) remove(state, child, chain);
      } else update(state, child, actionValues(child.table, relation.columns, "set null"), chain);
    }
  };
  const into = run.into(row.table.id);
  const groups = byIndex(row.table, into);
  const ranks = groups
    .filter((g) => g.relations.some((r) => run.referencing(r, old).length > 0))
    .map((g) => g.place.rank);
  if (new Set(ranks).size < ranks.length)
    throw new Unforeseen(`the order of the indexes of ${row.table.id} decides`);
  for (const { place, relations } of groups) {
    open.set(row.id, place);
    for (const relation of relations) act(relation);
  }
  open.delete(row.id);
}

/** The rows that reference a row, one by one: what is done to the first ones may take others away. */
function* comeUpon(run: NativeRun, relation: Relation, parent: Version): Iterable<NativeRow> {
  for (const child of run.referencing(relation, parent))
    if (run.referencing(relation, parent).some((row) => row.id === child.id)) yield child;
}

/** Constraints by the index of the parent that they reference, in the order of the indexes. */
function byIndex(table: Table, into: readonly Relation[]) {
  const placed = into.map((relation) => ({ relation, place: placeOf(table, relation.parentColumns) }));
  return [...Map.groupBy(placed, ({ place }) => JSON.stringify(place)).values()]
    .flatMap((group) => {
      const [first] = group;
      return first ? [{ place: first.place, relations: group.map((g) => g.relation) }] : [];
    })
    .sort((a, b) => a.place.rank - b.place.rank);
}

/** Whether the constraint's index still has the row. */
function isFound({ run, open }: State, child: NativeRow, relation: Relation): boolean {
  if (!run.isGone(child)) return true;
  const at = open.get(child.id);
  if (at === undefined) return false;
  const own = placeOf(child.table, relation.columns);
  if (own.rank === at.rank && own.index !== at.index)
    throw new Unforeseen(`the order of the indexes of ${child.table.id} decides`);
  return own.rank > at.rank;
}

/** An index and where its kind stands among those of a table. */
interface Place {
  readonly rank: number;
  readonly index: string;
}

/**
 * The index that InnoDB takes for the columns: the first that leads with them. The primary key comes first, then unique
 * ones without a nullable column, then other unique ones, then the rest (`sort_keys` in sql_table.cc).
 */
function placeOf(table: Table, columns: readonly string[]): Place {
  const rankOf = (index: Index): number => {
    if (index.name === "PRIMARY") return 0;
    if (!index.unique) return 3;
    return index.columns.every((c) => c !== null && !columnOf(table, c).nullable) ? 1 : 2;
  };
  const places = table.indexes
    .filter((index) => columns.every((c, i) => index.columns[i] === c))
    .map((index) => ({ rank: rankOf(index), index: index.name }))
    .sort((a, b) => a.rank - b.rank);
  const [first] = places;
  if (!first || table.primaryKey.length === 0)
    throw new Unforeseen(`the order of the indexes of ${table.id} decides`);
  return first;
}

function update(state: State, row: NativeRow, values: Values, above: readonly Link[]): void {
  const { run } = state;
  const circle = above.some((l) => l.kind === "update" && l.row.table === row.table);
  if (circle) throw new Refused(null, "circle");
  if (above.length > DEPTH_LIMIT) throw new Refused(null, "depth");
  if (run.isGone(row) || values.size === 0) return;
  const old = run.version(row);
  run.write(row, values);
  const now = run.version(row);
  const chain: readonly Link[] = [...above, { row, kind: "update" }];
  for (const relation of run.into(row.table.id)) {
    if (!changes(old, now, relation.parentColumns)) continue;
    for (const child of comeUpon(run, relation, old)) {
      if (!isFound(state, child, relation)) continue;
      if (relation.onUpdate === "restrict" || relation.onUpdate === "no action")
        throw new Refused(relation, "referenced");
      const passed =
        relation.onUpdate === "cascade"
          ? passedOn(relation, old, now)
          : actionValues(child.table, relation.columns, "set null");
      update(state, child, passed, chain);
    }
  }
}
