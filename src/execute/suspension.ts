import { childFrom, references } from "../dialect/edge.ts";
import type { Engine } from "../dialect/engine.ts";
import { type DeleteGroup, type PlannedRows, takesOver } from "../dialect/planned.ts";
import { sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { mayRefuse } from "../model/guards.ts";
import { type Relation, writtenOnDelete } from "../model/relation.ts";
import type { DeletePlace } from "./delete-rows.ts";

/** Whether updates have to come after the deletes, because rows that stay may take over unique values of rows that go. */
export function deletesComeFirst({ updates, deletes }: PlannedRows): boolean {
  const deleted = new Set(deletes.flatMap((g) => g.tables.map((t) => t.table.id)));
  return updates.some((effect) => takesOver(effect, deleted));
}

/**
 * Whether no order of statements is safe while the engine runs its actions. It would write nulls or defaults into rows
 * that cannot take them, such as two rows that reference each other by SET NULL on columns that are NOT NULL; or
 * updates have to come after the deletes, which null the same columns themselves.
 */
export function needsSuspension(engine: Engine, rows: PlannedRows): boolean {
  if (!engine.capabilities.suspendsActions) return false;
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
 * Proves what the suspended checks would have: no row that stays references a deleted one.
 * @throws `constraint-violated`
 */
export async function proveNoReference(
  { tx, engine, model }: DeletePlace,
  groups: readonly DeleteGroup[],
): Promise<void> {
  const { syntax } = engine;
  for (const { table, set } of groups.flatMap((g) => g.tables)) {
    for (const relation of model.relations.filter((r) => r.parent === table.id && r.enforced)) {
      const refs = references(syntax, model, relation, { child: "c", parent: "p" });
      const left = await tx.rows(
        sql`select 1 as found from ${set.from} as p join ${childFrom(syntax, model, relation)} as c on ${refs} limit 1`,
      );
      if (left.length === 0) continue;
      throw new OnDeleteError(
        "constraint-violated",
        `Rows of ${relation.child} would be left that reference deleted rows of ${table.id}.`,
        {
          hint: "Nothing was changed. A trigger on one of the tables interferes.",
          details: { relation: relation.id },
        },
      );
    }
  }
}
