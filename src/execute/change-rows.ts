import { changeTogether, updateGroups } from "../dialect/change.ts";
import { deletesComeFirst, type PlannedRows } from "../dialect/planned.ts";
import { deleteByCascade } from "./delete-by-cascade.ts";
import { checkCount, type DeletePlace } from "./delete-place.ts";
import { deleteRows } from "./delete-rows.ts";
import { checkMarked, checkUpdateCount, checkUpdated, plannedCount, updateRows } from "./update-rows.ts";

/**
 * Updates and deletes the planned rows, and checks after every statement that it changed exactly the planned ones.
 * @throws `count-mismatch`
 */
export async function changeRows(place: DeletePlace, rows: PlannedRows): Promise<void> {
  const { tx, engine } = place;
  if (rows.cascade) return deleteByCascade(place, rows, rows.cascade);
  await updateRows(
    tx,
    engine.syntax,
    rows.marks.map((m) => [m]),
  );
  if (!deletesComeFirst(rows)) {
    await updateRows(tx, engine.syntax, updateGroups(rows.updates));
    await deleteGroups(place, rows);
  } else if (engine.capabilities.changesTablesTogether) await inOneStatement(place, rows);
  else {
    await deleteGroups(place, rows);
    await updateRows(tx, engine.syntax, updateGroups(rows.updates));
  }
  for (const mark of rows.marks.filter((m) => m.table.triggers.length > 0))
    await checkMarked(tx, engine.syntax, mark);
  for (const effect of rows.updates.filter((e) => deletesComeFirst(rows) || e.table.triggers.length > 0))
    await checkUpdated(tx, engine.syntax, effect);
}

async function deleteGroups(place: DeletePlace, rows: PlannedRows): Promise<void> {
  const total = rows.deletes.flatMap((g) => g.tables).reduce((n, t) => n + t.rows, 0);
  let done = 0;
  for (const group of rows.deletes) {
    place.report({ phase: "deleting", table: group.tables[0]?.table.id ?? null, done, total });
    await deleteRows(place, group);
    done += group.tables.reduce((n, t) => n + t.rows, 0);
  }
}

/** Every delete and the updates that they cause; what those spread to follows. */
async function inOneStatement({ tx, engine }: DeletePlace, rows: PlannedRows): Promise<void> {
  const groups = updateGroups(rows.updates);
  const caused = groups.filter((g) => g.every((e) => e.cause === null));
  const tables = rows.deletes.flatMap((g) => g.tables);
  const planned = await Promise.all(caused.map((g) => plannedCount(tx, g)));
  const [row] = await tx.rows(changeTogether(engine.syntax, tables, caused));
  for (const [i, table] of tables.entries()) checkCount(table, Number(row?.[`n${i}`]));
  for (const [i, group] of caused.entries())
    checkUpdateCount(group, { planned: planned[i] ?? 0, changed: Number(row?.[`n${tables.length + i}`]) });
  await updateRows(
    tx,
    engine.syntax,
    groups.filter((g) => !caused.includes(g)),
  );
}
