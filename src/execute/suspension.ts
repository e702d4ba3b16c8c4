import { childFrom, references } from "../dialect/edge.ts";
import type { Engine } from "../dialect/engine.ts";
import { type DeleteGroup, deletesComeFirst, type PlannedRows } from "../dialect/planned.ts";
import type { RowSet } from "../dialect/row-set.ts";
import { sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { mayRefuse } from "../model/guards.ts";
import { type Relation, writtenOnDelete } from "../model/relation.ts";
import type { DeletePlace } from "./delete-place.ts";

/**
 * Whether no order of statements is safe while the engine runs its actions. It would write nulls or defaults into rows
 * that cannot take them, such as two rows that reference each other by SET NULL on columns that are NOT NULL; or
 * updates have to come after the deletes, which null the same columns themselves.
 */
export function needsSuspension(engine: Engine, rows: PlannedRows): boolean {
  if (!engine.capabilities.suspendsActions) return false;
  // What a trigger changes elsewhere would go unchecked.
  const touched = [
    ...rows.deletes.flatMap((g) => g.tables.map((t) => t.table)),
    ...rows.updates.map((e) => e.table),
  ];
  if (touched.some((t) => t.triggers.some((trigger) => trigger.enabled))) return false;
  const acting = (group: DeleteGroup) => group.within.filter((r) => r.onDelete.startsWith("set "));
  return (
    deletesComeFirst(rows) || rows.deletes.some((group) => acting(group).some((r) => isGuarded(group, r)))
  );
}

function isGuarded({ tables, within }: DeleteGroup, relation: Relation): boolean {
  const table = tables.find((t) => t.table.id === relation.child)?.table;
  if (!table) return false;
  return writtenOnDelete(table, relation).some(
    (w) =>
      mayRefuse(table, w) ||
      within.some((r) => r.parent === relation.child && r.parentColumns.includes(w.name)),
  );
}

/**
 * Proves what no constraint does: no row that stays references a deleted one, by relations that the database does not
 * enforce, or by any where checks were suspended.
 * @throws `constraint-violated`, `plan-changed`
 */
export async function proveNoReference(
  place: DeletePlace,
  rows: PlannedRows,
  suspended: boolean,
): Promise<void> {
  const relations = [...rows.unenforced, ...(suspended ? rows.relations.filter((r) => r.enforced) : [])];
  for (const { table, set } of rows.deletes.flatMap((g) => g.tables)) {
    for (const relation of relations.filter((r) => r.parent === table.id))
      await proveNone(place, relation, set);
  }
}

async function proveNone(
  { tx, engine, model }: DeletePlace,
  relation: Relation,
  deleted: RowSet,
): Promise<void> {
  const refs = references(engine.syntax, model, relation, { child: "c", parent: "p" });
  const query = sql`select 1 as found from ${deleted.from} as p join ${childFrom(engine.syntax, model, relation)} as c on ${refs} limit 1`;
  if ((await tx.rows(query)).length === 0) return;
  const what = `Rows of ${relation.child} would be left that reference deleted rows of ${relation.parent}`;
  throw relation.enforced
    ? new OnDeleteError(
        "constraint-violated",
        `${what}: a trigger interferes, or a constraint that was not known.`,
        { hint: "Nothing was changed.", details: { relation: relation.id } },
      )
    : new OnDeleteError(
        "plan-changed",
        `${what}: they were written while the delete ran, and no constraint kept them out.`,
        { hint: "Nothing was changed. Run the delete again.", details: { relation: relation.id } },
      );
}
