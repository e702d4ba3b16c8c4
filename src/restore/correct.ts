import { sameKey } from "../dialect/row-set.ts";
import { allOf, id, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import { columnOf } from "../model/table.ts";
import { type RestoreTask, rowsOf } from "./task.ts";
import { overwriteStatement } from "./write-back.ts";

/**
 * A trigger may have changed what was written: such rows are written again, and if that does not help nothing is.
 * @throws `count-mismatch`
 */
export async function correct(task: RestoreTask, part: ArchivePart): Promise<void> {
  if ((await countDiffering(task, part)) === 0) return;
  const columns = part.written.filter((c) => !part.key.includes(c));
  if (columns.length > 0) await task.place.tx.run(overwriteStatement(task, columns, rowsOf(task, part)));
  const left = await countDiffering(task, part);
  if (left === 0) return;
  throw new OnDeleteError(
    "count-mismatch",
    `${left} rows of ${part.table} would not be as they were: a trigger on the table changes what is written.`,
    {
      hint: "Nothing was restored. Use --without-triggers, or change the trigger.",
      details: { table: part.table, rows: left },
    },
  );
}

/** Rows whose written columns are not what the archive says, missing rows included. */
async function countDiffering(task: RestoreTask, part: ArchivePart): Promise<number> {
  const { syntax } = task.engine;
  const table = tableOf(task.model, part.table);
  const { from, key } = rowsOf(task, part);
  const text = (alias: string, name: string) => syntax.text(id(alias, name), columnOf(table, name));
  const same = allOf(part.written.map((c) => syntax.same(text("t", c), text("r", c))));
  const [row] = await task.place.tx.rows(
    sql`select count(*) as n from ${from} as r join ${syntax.rows(table)} as t on ${sameKey("t", "r", key)} where ${same}`,
  );
  return part.rows - Number(row?.n);
}

/** @throws `count-mismatch` where another number of rows was written than archived */
export function checkWritten(table: string, planned: number, written: number): void {
  if (written === planned) return;
  throw new OnDeleteError(
    "count-mismatch",
    `${planned} rows of ${table} were to be written, but ${written} were: a trigger or rule on the table interferes.`,
    {
      hint: "Nothing was restored. Use --without-triggers, or change the trigger.",
      details: { table, planned, written },
    },
  );
}
