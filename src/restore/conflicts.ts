import { sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, sql } from "../dialect/sql.ts";
import { type ArchivePart, storedColumns } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import { filesTaken } from "./files-taken.ts";
import { type ConflictFound, found, keysAs } from "./found.ts";
import { parentsGone, parentsHidden, parentsLeftOut } from "./parents.ts";
import { checksViolated, uniqueTaken } from "./taken.ts";
import { type RestoreTask, rowsOf } from "./task.ts";
import { nullsRefused, togetherRefused } from "./tightened.ts";

/** Everything that keeps the archived rows from being put back as they were; nothing is written to find out. */
export async function conflictsOf(task: RestoreTask): Promise<readonly ConflictFound[]> {
  const misfits = schemaChanges(task);
  // A table that no longer fits cannot be compared with its archive.
  const fits = (part: ArchivePart) =>
    task.rows.has(part.part) && !misfits.some((c) => c.part.table === part.table);
  const deleted = task.parts.filter((p) => p.kind === "deleted" && fits(p));
  const before = task.parts.filter((p) => p.kind === "before" && fits(p));
  const out: ConflictFound[] = [...misfits];
  for (const part of deleted)
    out.push(
      ...(await keysTaken(task, part)),
      ...(await nullsRefused(task, part)),
      ...(await togetherRefused(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
      ...(await parentsLeftOut(task, part)),
      ...(await filesTaken(task, part)),
    );
  for (const part of before)
    out.push(
      ...(await rowsGone(task, part)),
      ...(await edited(task, part)),
      ...(await nullsRefused(task, part)),
      ...(await uniqueTaken(task, part)),
      ...(await checksViolated(task, part)),
      ...(await parentsGone(task, part)),
      ...(await parentsHidden(task, part)),
    );
  return out;
}

function schemaChanges(task: RestoreTask): readonly ConflictFound[] {
  return task.parts
    .filter((p) => p.kind !== "after")
    .flatMap((part) => {
      const table = task.model.tables.find((t) => t.id === part.table);
      const conflict = (object: string | null, message: string): ConflictFound => ({
        conflict: {
          kind: "schema-changed",
          table: part.table,
          rows: part.rows,
          sample: [],
          object,
          message,
        },
        part,
        rows: null,
      });
      if (!table) return [conflict(null, `Table ${part.table} does not exist any more.`)];
      const stored = storedColumns(table).map((c) => c.name);
      const lost = part.columns
        .filter((c) => !stored.includes(c))
        .map((c) => conflict(c, `Column ${c} of ${part.table} does not exist any more.`));
      const misfit = task.misfits.get(part.part);
      if (misfit) {
        const then = misfit.columns.map((c) => `${c} was ${part.was?.columns[c]}`).join(", ");
        lost.push(
          conflict(
            misfit.columns.join(","),
            `Columns of ${part.table} were given another type since (${then}), which does not hold the archived values. ${misfit.why}`,
          ),
        );
      }
      if (part.kind === "before") return lost;
      const required = storedColumns(table).filter(
        (c) => !part.columns.includes(c.name) && !c.nullable && c.default === null && c.identity === null,
      );
      return [
        ...lost,
        ...required.map((c) =>
          conflict(
            c.name,
            `Column ${c.name} of ${part.table} was added since, is NOT NULL and has no default.`,
          ),
        ),
      ];
    });
}

function keysTaken(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "key-taken",
    object: part.key.join(","),
    message: `Rows of ${part.table} with the same key exist again.`,
  });
}

function rowsGone(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where not exists (select 1 from ${task.engine.syntax.rows(table)} as t where ${sameKey("t", "d", part.key)})`;
  return found(task, part, select, {
    kind: "row-gone",
    object: part.relation,
    message: `Rows of ${part.table} that lost their reference were deleted since.`,
  });
}

/** Rows that hold neither what the operation wrote nor what they held before it. */
function edited(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const { syntax } = task.engine;
  const table = tableOf(task.model, part.table);
  const same = (alias: string) => allOf(part.written.map((c) => syntax.same(id("t", c), id(alias, c))));
  // A row may have been reached twice by one relation; it holds what one of the two wrote.
  const after = task.parts.filter(
    (p) =>
      p.kind === "after" &&
      task.rows.has(p.part) &&
      p.table === part.table &&
      p.relation === part.relation &&
      String(p.written) === String(part.written),
  );
  const written = anyOf(
    after.map(
      (p) =>
        sql`exists (select 1 from ${rowsOf(task, p).from} as a where ${sameKey("a", "t", part.key)} and ${same("a")})`,
    ),
  );
  const select = sql`select ${keysAs("t", part)} from ${rowsOf(task, part).from} as d join ${syntax.rows(table)} as t on ${sameKey("t", "d", part.key)} where not (${same("d")}) and not ${written}`;
  return found(task, part, select, {
    kind: "edited",
    object: part.relation,
    message: `Rows of ${part.table} were given another value of ${part.written.join(", ")} since.`,
  });
}
