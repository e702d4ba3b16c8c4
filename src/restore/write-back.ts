import { INNER, inSet, matching } from "../dialect/change.ts";
import { distinctRows, type RowSet, sameKey } from "../dialect/row-set.ts";
import { allOf, id, join, list, type Sql, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import type { Table } from "../model/table.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** What one table's updated rows get back, in one statement. */
export interface Relink {
  readonly table: Table;
  readonly parts: readonly { readonly part: ArchivePart; readonly set: RowSet }[];
  /** Distinct rows. */
  readonly rows: number;
}

/** The relinks of an operation, causes before what they spread to. */
export async function relinksOf(
  task: RestoreTask,
  before: readonly ArchivePart[],
): Promise<readonly Relink[]> {
  const out: Relink[] = [];
  for (const [tableId, list] of Map.groupBy(before, (p) => p.table)) {
    const parts = list.map((part) => ({ part, set: rowsOf(task, part) }));
    out.push({
      table: tableOf(task.model, tableId),
      parts,
      rows: await distinctRows(
        task.place.tx,
        parts.map((p) => p.set),
      ),
    });
  }
  return out;
}

/** Conflicts were ruled out in this transaction: every row holds what the operation wrote, or again what it held before. */
export function relinkStatement(task: RestoreTask, { table, parts }: Relink): Sql {
  const columns = [...new Set(parts.flatMap(({ part }) => part.written))];
  const value = (name: string) => {
    const cases = parts
      .filter(({ part }) => part.written.includes(name))
      .map(({ set }) => sql`when ${inSet(set)} then ${archivedValue(set, name)}`);
    return sql`case ${join(cases, " ")} else ${id(table.name, name)} end`;
  };
  const sets = parts.map(({ set }) => set);
  return task.engine.syntax.updateRows(matching(sets), new Map(columns.map((name) => [name, value(name)])));
}

/** Gives the columns of the rows of a set the set's values. */
export function overwriteStatement(task: RestoreTask, columns: readonly string[], set: RowSet): Sql {
  return task.engine.syntax.updateRows(
    matching([set]),
    new Map(columns.map((name) => [name, archivedValue(set, name)])),
  );
}

function archivedValue(set: RowSet, name: string): Sql {
  return sql`(select ${id(INNER, name)} from ${set.from} as ${id(INNER)} where ${sameKey(INNER, set.table.name, set.key)})`;
}

export function insertStatement(task: RestoreTask, part: ArchivePart, conditions: readonly Sql[] = []): Sql {
  const { syntax } = task.engine;
  const columns = list(part.columns.map((c) => id(c)));
  // Not in order of key: MariaDB 10.11 loses bytes that UNHEX makes where it sorts them on the way.
  const { from } = rowsOf(task, part);
  return sql`insert into ${syntax.table(tableOf(task.model, part.table))} (${columns}) ${syntax.overridingIdentity} select ${columns} from ${from} as r where ${allOf(conditions)}`;
}
