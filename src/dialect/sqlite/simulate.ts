import type { Relation } from "../../model/relation.ts";
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

/**
 * SQLite's foreign key actions: programs that run when a row is gone or changed, one constraint after the other, and
 * each row that they change goes all the way down before the next. NO ACTION and references that are missing are
 * counted, and the count is looked at in the end.
 * @see https://www.sqlite.org/src/file/src/fkey.c
 */
export function simulate(run: NativeRun, roots: readonly NativeRow[]): void {
  for (const row of run.ordered(roots)) remove(run, row);
  checkLeft(run);
}

function remove(run: NativeRun, row: NativeRow): void {
  if (run.isGone(row)) return;
  const old = run.version(row);
  run.remove(row);
  for (const relation of run.into(row.table.id)) {
    const children = () => run.referencing(relation, old).filter((child) => !run.isGone(child));
    switch (relation.onDelete) {
      case "restrict":
        if (children().length > 0) throw new Refused(relation, "referenced");
        break;
      case "cascade":
        for (const child of children()) remove(run, child);
        break;
      case "set null":
      case "set default":
        for (const child of children())
          update(run, child, actionValues(child.table, relation.columns, relation.onDelete));
    }
  }
}

function update(run: NativeRun, row: NativeRow, values: Values): void {
  if (run.isGone(row)) return;
  const old = run.version(row);
  run.write(row, values);
  const now = run.version(row);
  for (const relation of run.into(row.table.id)) {
    if (!changes(old, now, relation.parentColumns)) continue;
    const children = () => run.referencing(relation, old).filter((child) => !run.isGone(child));
    switch (relation.onUpdate) {
      case "restrict":
        if (children().length > 0) throw new Refused(relation, "referenced");
        break;
      case "cascade":
        for (const child of children()) update(run, child, passedOn(relation, old, now));
        break;
      case "set null":
      case "set default":
        for (const child of children())
          update(run, child, actionValues(child.table, relation.columns, relation.onUpdate));
    }
  }
}

/** Rows that stay and whose reference finds no parent. */
function checkLeft(run: NativeRun): void {
  for (const parent of run.lost()) {
    for (const relation of run.into(parent.row.table.id))
      for (const child of run.referencing(relation, parent)) checkParent(run, relation, run.version(child));
  }
  for (const version of run.written)
    for (const relation of run.from(version.row.table.id)) checkParent(run, relation, version);
}

function checkParent(run: NativeRun, relation: Relation, child: Version): void {
  if (run.isGone(child.row)) return;
  const values = relation.columns.map((c) => currentValue(child, c));
  if (values.includes(null)) return;
  if (!run.exists(run.table(relation.parent), relation.parentColumns, values))
    throw new Refused(relation, relation.onDelete === "no action" ? "referenced" : "no-parent");
}
