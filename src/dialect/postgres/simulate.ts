import { columnsSetBy, type Relation } from "../../model/relation.ts";
import { Refused } from "../native-end.ts";
import type { NativeRow, Values } from "../native-facts.ts";
import {
  actionValues,
  changes,
  currentValue,
  type NativeRun,
  passedOn,
  type Version,
} from "../native-run.ts";

/** A referential trigger that waits for its turn. */
type Event =
  | { readonly kind: "deleted"; readonly relation: Relation; readonly old: Version }
  | { readonly kind: "updated"; readonly relation: Relation; readonly old: Version; readonly now: Version }
  | { readonly kind: "check"; readonly relation: Relation; readonly now: Version };

/**
 * PostgreSQL's referential triggers: one queue for the statement. The triggers of a row are queued when it changes, by
 * name, those of its parents' side (`RI_ConstraintTrigger_a_…`) before those of its own (`…_c_…`), and what an action
 * changes is queued at the end.
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/ri_triggers.c
 */
export function simulate(run: NativeRun, roots: readonly NativeRow[]): void {
  const state: State = { run, queue: [], deferred: [] };
  remove(state, run.ordered(roots));
  // The list grows while it is walked.
  for (const event of state.queue) {
    if (waits(event)) state.deferred.push(event);
    else act(state, event);
  }
  for (const event of state.deferred) act(state, event);
}

interface State {
  readonly run: NativeRun;
  readonly queue: Event[];
  readonly deferred: Event[];
}

/** Of the actions only NO ACTION can be deferred. */
function waits(event: Event): boolean {
  if (!event.relation.initiallyDeferred) return false;
  return event.kind === "check" || actionOf(event) === "no action";
}

const actionOf = (event: Event) =>
  event.kind === "deleted" ? event.relation.onDelete : event.relation.onUpdate;

function act(state: State, event: Event): void {
  const { run } = state;
  if (event.kind === "check") {
    checkChild(run, event);
    return;
  }
  const { relation, old } = event;
  const action = actionOf(event);
  const children = () => run.referencing(relation, old).filter((row) => !run.isGone(row));
  switch (action) {
    case "restrict":
      if (children().length > 0) throw new Refused(relation, "referenced");
      return;
    case "no action":
      refuseLeft(run, relation, old);
      return;
    case "cascade":
      if (event.kind === "deleted") remove(state, children());
      else for (const row of children()) update(state, row, passedOn(relation, old, event.now));
      return;
    default: {
      const columns = event.kind === "deleted" ? columnsSetBy(relation) : relation.columns;
      for (const row of children()) update(state, row, actionValues(row.table, columns, action));
      // A child whose default is what it had is not checked again otherwise.
      if (action === "set default") refuseLeft(run, relation, old);
    }
  }
}

/** NO ACTION is content with another parent that has the key. */
function refuseLeft(run: NativeRun, relation: Relation, old: Version): void {
  const left = run.referencing(relation, old).some((row) => !run.isGone(row));
  if (!left) return;
  const key = relation.parentColumns.map((c) => currentValue(old, c));
  if (!run.exists(old.row.table, relation.parentColumns, key)) throw new Refused(relation, "referenced");
}

function remove({ run, queue }: State, rows: readonly NativeRow[]): void {
  for (const row of rows) {
    const old = run.version(row);
    run.remove(row);
    for (const relation of run.into(row.table.id)) queue.push({ kind: "deleted", relation, old });
  }
}

function update({ run, queue }: State, row: NativeRow, values: Values): void {
  const old = run.version(row);
  run.write(row, values);
  const now = run.version(row);
  for (const relation of run.into(row.table.id))
    if (changes(old, now, relation.parentColumns)) queue.push({ kind: "updated", relation, old, now });
  // A row that this transaction wrote before is checked whatever changes.
  const again = old.written.size > 0;
  for (const relation of run.from(row.table.id))
    if (again || changes(old, now, relation.columns)) queue.push({ kind: "check", relation, now });
}

function checkChild(run: NativeRun, { relation, now }: Extract<Event, { kind: "check" }>): void {
  // A later version of the row has a check of its own.
  if (run.isGone(now.row) || run.version(now.row).written !== now.written) return;
  const values = relation.columns.map((c) => currentValue(now, c));
  const nulls = values.filter((v) => v === null).length;
  if (nulls === values.length || (nulls > 0 && relation.match !== "full")) return;
  if (nulls > 0 || !run.exists(run.table(relation.parent), relation.parentColumns, values))
    throw new Refused(relation, "no-parent");
}
