import type { Effect } from "../../dialect/planned.ts";
import { columnsOf } from "../../dialect/row-set.ts";
import { join, list, sql } from "../../dialect/sql.ts";
import type { ArchivePlace } from "../../journal/archive.ts";
import { distinctListed, writeList } from "../../journal/work.ts";
import { type Model, tableOf } from "../../model/model.ts";
import type { RowCounts } from "../../model/operation.ts";
import type { Relation } from "../../model/relation.ts";
import { identityOf, type TableId } from "../../model/table.ts";
import type { Work } from "../../model/work.ts";

/*
 * A row that loses several references in several batches is one updated row. Where that can be, the keys of updated rows
 * are listed, and counted when all is done; until then each of its updates counts.
 */

/** Tables whose rows may lose several references to tables of which rows go. */
export function updatedOften(relations: readonly Relation[], going: readonly TableId[]): readonly TableId[] {
  const setting = relations.filter((r) => r.onDelete.startsWith("set ") && going.includes(r.parent));
  const groups = Map.groupBy(setting, (r) => r.child);
  return [...groups].filter(([, group]) => group.length > 1).map(([table]) => table);
}

/** Lists the rows that a batch updates. */
export async function listUpdated(
  place: ArchivePlace,
  { updatedOften: tables }: Work,
  updates: readonly Effect[],
): Promise<void> {
  for (const [i, table] of tables.entries()) {
    const sets = updates.filter((e) => e.table.id === table).map((e) => e.rows);
    const [first] = sets;
    if (!first) continue;
    const keys = sets.map((s) => sql`select ${list(columnsOf("s", s.key))} from ${s.from} as s`);
    const from = sql`(${join(keys, " union ")}) as t`;
    await writeList(place, { list: numberOf(i), table: first.table, columns: identityOf(first.table) }, from);
  }
}

/** Below the numbers of the lists of rows that go. */
const numberOf = (i: number): number => -1 - i;

/** The rows that all batches have updated, each once. */
export async function distinctUpdated(
  place: ArchivePlace,
  model: Model,
  { work, updated }: { readonly work: Work; readonly updated: RowCounts },
): Promise<RowCounts> {
  const counts: Record<TableId, number> = { ...updated };
  for (const [i, id] of work.updatedOften.entries()) {
    if (!counts[id]) continue;
    const table = tableOf(model, id);
    counts[id] = await distinctListed(place, { list: numberOf(i), columns: identityOf(table) }, table);
  }
  return counts;
}
