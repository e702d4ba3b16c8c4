import { id, list, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import type { FileColumn } from "../model/file-store.ts";
import { type ConflictFound, found, keysAs } from "./found.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** How many paths are compared in one statement. */
const TOGETHER = 1_000;

/** Rows whose file was set aside, and whose file's place another file has taken since. */
export async function filesTaken(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const out: ConflictFound[] = [];
  for (const file of filesOf(task, part)) {
    const taken = await pathsTaken(task, part, file);
    for (let i = 0; i < taken.length; i += TOGETHER) {
      const paths = list(taken.slice(i, i + TOGETHER).map((p) => sql`${p}`));
      const path = task.engine.syntax.plainText(id("d", file.column));
      const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${path} in (${paths})`;
      out.push(
        ...(await found(task, part, select, {
          kind: "file-taken",
          object: file.column,
          message: `Other files are where those of rows of ${part.table} were.`,
        })),
      );
    }
  }
  return out;
}

/** The columns of a part's rows that name files. */
export const filesOf = ({ policy }: RestoreTask, part: ArchivePart): readonly FileColumn[] =>
  part.kind === "deleted"
    ? (policy.tables[part.table]?.files ?? []).filter((f) => part.columns.includes(f.column))
    : [];

async function pathsTaken(
  task: RestoreTask,
  part: ArchivePart,
  { column, store }: FileColumn,
): Promise<readonly string[]> {
  const { tx, syntax, operation } = task.place;
  const path = syntax.plainText(id("d", column));
  const rows = await tx.rows(
    sql`select distinct ${path} as p from ${rowsOf(task, part).from} as d where ${id("d", column)} is not null and ${path} <> ''`,
  );
  const out: string[] = [];
  for (const { p } of rows) {
    const place = await store.find(p ?? "", operation);
    if (place.inPlace && place.aside) out.push(p ?? "");
  }
  return out;
}
