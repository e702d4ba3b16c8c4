import type { Engine } from "../dialect/engine.ts";
import type { DeletedRows } from "../dialect/planned.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, id, join, list, type Sql, sql } from "../dialect/sql.ts";
import type { ArchivePlace } from "../journal/archive.ts";
import { enqueueAll, pendingEntries } from "../journal/outbox.ts";
import type { FileColumn } from "../model/file-store.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { Warning } from "../model/plan.ts";
import { columnsOfStore, type Policy } from "../model/policy.ts";
import type { Table } from "../model/table.ts";

/** Rows about to be deleted, whose files are to go with them. */
export interface FilesTask {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly deleted: readonly DeletedRows[];
  /** Whether the files are set aside, to be brought back; removed for good otherwise. */
  readonly archive: boolean;
  readonly at: Date;
}

/**
 * Writes down the files of rows that go, unless a row that stays names them too; what is written down is done after the
 * commit. Every path is checked before anything else is written.
 * @returns what a person should know of
 * @throws `file-outside-root`, `file-store-missing`
 */
export async function enqueueFiles(place: ArchivePlace, task: FilesTask): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  let found = 0;
  for (const rows of task.deleted) {
    for (const file of task.policy.tables[rows.table.id]?.files ?? []) {
      const subject = { table: rows.table.id, column: file.column };
      const kind = task.archive ? "aside" : "remove";
      const named = namedBy(place, task, { rows, file });
      found += await enqueueAll(
        place,
        { kind, subject, at: task.at },
        sql`select n.p as body from (${named}) as n group by n.p having max(n.stays) = 0`,
      );
      warnings.push(...(await shared(place, subject, named)));
    }
  }
  if (found > 0) await checkPaths(place, task);
  return warnings;
}

interface NamedFiles {
  readonly rows: DeletedRows;
  readonly file: FileColumn;
}

/** Every path that a row names, and whether the row stays: those of the rows that go, and at least all that are among them. */
function namedBy({ syntax }: ArchivePlace, task: FilesTask, { rows, file }: NamedFiles): Sql {
  const { table, set } = rows;
  const path = id("t", file.column);
  const going = sql`from ${syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)} where ${path} is not null and ${syntax.plainText(path)} <> ''`;
  const staying = columnsOfStore(task.policy, file.store).map(({ table: other, column }) => {
    const holder = tableOf(task.model, other);
    const gone = task.deleted.find((d) => d.table.id === other)?.set;
    const own = other === table.id && column === file.column && isIndexed(table, column);
    const conditions = [
      sql`${id("o", column)} is not null`,
      ...(gone ? [sql`${id("g", gone.key[0] ?? "")} is null`] : []),
      ...(own ? [sql`${id("o", column)} in (select ${path} ${going})`] : []),
    ];
    const without = gone ? sql` left join ${gone.from} as g on ${sameKey("o", "g", gone.key)}` : sql``;
    return sql`select ${syntax.plainText(id("o", column))} as p, 1 as stays from ${syntax.rows(holder)} as o${without} where ${allOf(conditions)}`;
  });
  return join([sql`select ${syntax.plainText(path)} as p, 0 as stays ${going}`, ...staying], " union all ");
}

/** Whether rows are found by a value of the column. */
const isIndexed = (table: Table, column: string): boolean =>
  table.indexes.some((i) => i.valid && i.predicate === null && i.columns[0] === column);

async function shared(
  { tx }: ArchivePlace,
  { table, column }: { readonly table: string; readonly column: string },
  named: Sql,
): Promise<readonly Warning[]> {
  const both = list([sql`min(n.stays) as first`, sql`max(n.stays) as last`]);
  const [row] = await tx.rows(
    sql`select count(*) as n from (select n.p, ${both} from (${named}) as n group by n.p) as c where c.first = 0 and c.last = 1`,
  );
  const files = Number(row?.n);
  if (files === 0) return [];
  const message = `${files === 1 ? "1 file stays" : `${files} files stay`}: rows that are not deleted name the same path as rows of ${table} by ${column}.`;
  return [{ code: "file-shared", message, table }];
}

const PAGE = 5_000;

/** What was written down is read back page by page, so that a long list of paths need not fit into memory. */
async function checkPaths(place: ArchivePlace, { engine, policy }: FilesTask): Promise<void> {
  const { tx, journal, operation } = place;
  for (let after = "0"; ; ) {
    const wanted = { of: "files", after, limit: PAGE, operation } as const;
    const entries = await pendingEntries({ engine, tx, journal }, wanted, "as they are");
    for (const { subject, body } of entries) {
      const file = policy.tables[subject.table]?.files?.find((f) => f.column === subject.column);
      await file?.store.check(body);
    }
    after = entries.at(-1)?.id ?? "";
    if (entries.length < PAGE) return;
  }
}
