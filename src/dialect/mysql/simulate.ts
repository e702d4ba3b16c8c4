import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import { Refused, Unforeseen } from "../native-end.ts";
import type { NativeRow, Values } from "../native-facts.ts";
import { actionValues, changes, type NativeRun, passedOn } from "../native-run.ts";

/** How many rows stand above one that a cascade reaches, at most (FK_MAX_CASCADE_DEL). */
const DEPTH_LIMIT = 15;

/** A row that is being changed, and what is being done to it. */
interface Link {
  readonly row: NativeRow;
  readonly kind: "delete" | "update";
}

interface State {
  readonly run: NativeRun;
  /** Rows that are being deleted, and the columns of the index that is being dealt with; null for the clustered one. */
  readonly open: Map<string, readonly string[] | null>;
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
    for (const child of run.referencing(relation, old)) {
      if (!isFound(state, child, relation)) continue;
      if (relation.onDelete === "restrict" || relation.onDelete === "no action")
        throw new Refused(relation, "referenced");
      if (relation.onDelete === "cascade") {
        if (!run.isGone(child)) remove(state, child, chain);
      } else update(state, child, actionValues(child.table, relation.columns, "set null"), chain);
    }
  };
  const into = run.into(row.table.id);
  open.set(row.id, null);
  for (const relation of into.filter((r) => isClustered(row.table, r.parentColumns))) act(relation);
  const others = into.filter((r) => !isClustered(row.table, r.parentColumns));
  for (const group of Map.groupBy(others, (r) => String(r.parentColumns)).values()) {
    open.set(row.id, group[0]?.parentColumns ?? null);
    for (const relation of group) act(relation);
  }
  open.delete(row.id);
}

/** Whether the constraint's index still has the row. */
function isFound({ run, open }: State, child: NativeRow, relation: Relation): boolean {
  if (!run.isGone(child)) return true;
  const at = open.get(child.id);
  if (at === undefined || isClustered(child.table, relation.columns)) return false;
  if (at === null) return true;
  if (String(at) === String(relation.columns)) return false;
  throw new Unforeseen(`the order of the indexes of ${child.table.id} decides`);
}

const isClustered = (table: Table, columns: readonly string[]): boolean =>
  columns.every((c, i) => table.primaryKey[i] === c);

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
    for (const child of run.referencing(relation, old)) {
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
