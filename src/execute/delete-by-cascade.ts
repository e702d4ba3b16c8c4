import { deleteStatement } from "../dialect/change.ts";
import type { ChangedRows } from "../dialect/engine.ts";
import type { Cascade, PlannedRows } from "../dialect/planned.ts";
import { OnDeleteError } from "../error.ts";
import { checkCount, type DeletePlace } from "./delete-place.ts";
import { checkUpdateCount } from "./update-rows.ts";

/**
 * Deletes the roots, leaves the rest to the engine's referential actions, and compares the rows that they changed with
 * the planned ones.
 * @throws `count-mismatch`, retriable
 */
export async function deleteByCascade(
  { tx, engine, report, journalRows }: DeletePlace,
  rows: PlannedRows,
  { root, over, counter }: Cascade,
): Promise<void> {
  const total = totalOf(rows);
  report({ phase: "deleting", table: root.table.id, done: 0, total });
  // No table references itself here, directly or on a way round, so that the roots are all that goes of theirs.
  checkCount(root, await tx.run(deleteStatement(engine.syntax, root.set, { over })), { retriable: true });
  check(rows, root.table.id, await counter(total, journalRows));
}

const deletedOf = ({ deletes }: PlannedRows) => deletes.flatMap((g) => g.tables);

const totalOf = (rows: PlannedRows): number =>
  [...deletedOf(rows).map((t) => t.rows), ...rows.updates.map((e) => e.count)].reduce((n, r) => n + r, 0);

/**
 * Parents are locked, so that no row can have come in: where the total is as planned, the rows of each table are.
 * @throws `count-mismatch`, retriable
 */
function check(rows: PlannedRows, root: string, changed: ChangedRows): void {
  if (changed.kind === "total") {
    if (changed.rows !== totalOf(rows)) throw otherTotal(root, totalOf(rows), changed.rows);
    return;
  }
  for (const t of deletedOf(rows)) checkCount(t, changed.deleted.get(t.table.id) ?? 0, { retriable: true });
  for (const e of rows.updates)
    checkUpdateCount([e], {
      planned: e.count,
      changed: changed.updated.get(e.table.id) ?? 0,
      retriable: true,
    });
}

const otherTotal = (root: string, planned: number, changed: number) =>
  new OnDeleteError(
    "count-mismatch",
    `${planned} rows were to be changed with the rows of ${root}, but ${changed} were: others changed them meanwhile, or a constraint interferes that was not known.`,
    {
      hint: "Nothing was changed. Run it again.",
      details: { table: root, planned, changed, retriable: true },
    },
  );
