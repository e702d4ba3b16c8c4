import { childFrom, references } from "../dialect/edge.ts";
import { type RankTask, type RowSetsByTable, rankParentsFirst, unranked } from "../dialect/ranks.ts";
import { releasable } from "../dialect/release.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { allOf, id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { checkWritten } from "./correct.ts";
import { type RestoreSubject, type RestoreTask, rowsOf } from "./task.ts";
import { overwriteStatement } from "./write-back.ts";

/** Whether rows of the parts may reference each other. */
export const needsRanks = (task: RestoreSubject, parts: readonly ArchivePart[]): boolean =>
  relationsWithin(task, parts).length > 0;

/**
 * Inserts rows of tables that reference each other where the engine checks at once: each row after those that it
 * references. Rows that reference each other in circles come without the references that can be null, and get them
 * when all are there.
 */
export async function insertByRank(task: RestoreTask, parts: readonly ArchivePart[]): Promise<void> {
  const sets = new Map(parts.map((p) => [p.table, rowsOf(task, p)]));
  const relations = relationsWithin(task, parts);
  const ranking: RankTask = {
    tx: task.place.tx,
    syntax: task.engine.syntax,
    model: task.model,
    sets,
    relations,
    source: "sets",
    label: `_${parts[0]?.part}`,
    waitsForItself: (relation) => !findsItself(task, relation),
  };
  const ranks = await rankParentsFirst(ranking);
  const written = new Map<string, number>();
  await insertLevels(task, parts, { ...ranks, without: new Map(), written });
  if (ranks.left) {
    const left = await unranked(ranking, ranks.ranked, "_left");
    const without = releasedColumns(task, relations);
    const kept = relations.filter((r) => releasable(task.model, r) === null);
    const again = await rankParentsFirst({
      ...ranking,
      sets: left,
      relations: kept,
      label: `${ranking.label}_2`,
    });
    await insertLevels(task, parts, { ...again, without, written });
    if (again.left) {
      const circles = await unranked(
        { ...ranking, sets: left, label: `${ranking.label}_3` },
        again.ranked,
        "",
      );
      await insertUnchecked(task, parts, { circles, without, written });
    }
    for (const [table, set] of left) await giveBack(task, set, without.get(table) ?? []);
  }
  for (const part of parts) checkWritten(part.table, part.rows, written.get(part.table) ?? 0);
}

/**
 * InnoDB fills the primary key first and then one index after the other, and looks for the parent before it fills the
 * index of the referencing columns (measured on MariaDB 10.11): a row finds itself by its primary key.
 */
function findsItself({ model }: RestoreTask, relation: Relation): boolean {
  const { primaryKey } = tableOf(model, relation.parent);
  const byPrimaryKey = relation.parentColumns.every((c) => primaryKey.includes(c));
  return byPrimaryKey && !relation.columns.some((c) => primaryKey.includes(c));
}

function relationsWithin(task: RestoreSubject, parts: readonly ArchivePart[]): readonly Relation[] {
  const tables = parts.map((p) => p.table);
  return task.model.relations.filter(
    (r) => r.enforced && tables.includes(r.child) && tables.includes(r.parent),
  );
}

/** By table the columns that rows in circles come without. */
function releasedColumns(
  { model }: RestoreTask,
  relations: readonly Relation[],
): ReadonlyMap<string, readonly string[]> {
  const released = relations.flatMap((r) => {
    const column = releasable(model, r);
    return column === null ? [] : [{ table: r.child, column }];
  });
  return new Map(
    [...Map.groupBy(released, (r) => r.table)].map(([table, list]) => [
      table,
      [...new Set(list.map((r) => r.column))],
    ]),
  );
}

interface Levels {
  readonly ranked: RowSetsByTable;
  readonly levels: number;
  readonly without: ReadonlyMap<string, readonly string[]>;
  /** Rows inserted so far by table. */
  readonly written: Map<string, number>;
}

async function insertLevels(
  task: RestoreTask,
  parts: readonly ArchivePart[],
  { ranked, levels, without, written }: Levels,
): Promise<void> {
  for (let level = 0; level < levels; level++) {
    for (const part of parts) {
      const set = ranked.get(part.table);
      if (!set) continue;
      const statement = insertLevel(task, part, {
        ranked: set,
        level,
        without: without.get(part.table) ?? [],
      });
      written.set(part.table, (written.get(part.table) ?? 0) + (await task.place.tx.run(statement)));
    }
  }
}

interface Unchecked extends Pick<Levels, "without" | "written"> {
  readonly circles: RowSetsByTable;
}

/**
 * Rows that wait for each other, or for themselves, by references that cannot be null: the engine would take none of
 * them first. They go in unchecked, and every reference of theirs is proven, its parent locked, before anything else.
 * @throws `constraint-violated`
 */
async function insertUnchecked(
  task: RestoreTask,
  parts: readonly ArchivePart[],
  { circles, without, written }: Unchecked,
): Promise<void> {
  const { tx, syntax } = task.place;
  if (syntax.foreignKeyChecks) await tx.run(syntax.foreignKeyChecks.off);
  for (const part of parts) {
    const set = circles.get(part.table);
    if (!set) continue;
    const statement = insertRows(task, part, { rows: set, without: without.get(part.table) ?? [] });
    written.set(part.table, (written.get(part.table) ?? 0) + (await tx.run(statement)));
  }
  if (syntax.foreignKeyChecks) await tx.run(syntax.foreignKeyChecks.on);
  for (const [table, set] of circles)
    for (const relation of task.model.relations.filter((r) => r.enforced && r.child === table))
      await proveParents(task, relation, set);
}

/**
 * Locks the parents of rows that were written unchecked, and proves that they are there.
 * @throws `constraint-violated`
 */
export async function proveParents(task: RestoreTask, relation: Relation, rows: RowSet): Promise<void> {
  const { tx, syntax } = task.place;
  const parent = tableOf(task.model, relation.parent);
  const refs = references(syntax, task.model, relation, { child: "c", parent: "p" });
  const child = sql`${rows.from} as s join ${childFrom(syntax, task.model, relation)} as c on ${sameKey("s", "c", rows.key)}`;
  const complete = allOf(relation.columns.map((c) => sql`${id("c", c)} is not null`));
  const keys = list(rows.key.map((c) => id("c", c)));
  await tx.rows(
    sql`select 1 from ${child} join ${syntax.rows(parent)} as p on ${refs} ${syntax.forUpdate?.("p") ?? raw("")}`,
  );
  const orphans = sql`select ${keys} from ${child} left join ${syntax.rows(parent)} as p on ${refs} where ${complete} and ${id("p", relation.parentColumns[0] ?? "")} is null limit 1`;
  if ((await tx.rows(orphans)).length === 0) return;
  throw new OnDeleteError(
    "constraint-violated",
    `Restored rows of ${relation.child} would reference rows of ${relation.parent} that are gone.`,
    { hint: "Nothing was restored. Restore the parents first.", details: { relation: relation.id } },
  );
}

interface Level {
  readonly ranked: RowSet;
  readonly level: number;
  readonly without: readonly string[];
}

function insertLevel(task: RestoreTask, part: ArchivePart, { ranked, level, without }: Level): Sql {
  const at = sql`${id("k", DEPTH)} = ${raw(String(level))}`;
  return insertRows(task, part, { rows: ranked, without, at });
}

interface Inserted {
  /** Keys of the rows. */
  readonly rows: RowSet;
  /** Columns that are left null. */
  readonly without: readonly string[];
  readonly at?: Sql;
}

function insertRows(task: RestoreTask, part: ArchivePart, { rows, without, at }: Inserted): Sql {
  const { syntax } = task.engine;
  const { from, key } = rowsOf(task, part);
  const values = part.columns.map((c) => (without.includes(c) ? raw("null") : id("r", c)));
  return sql`insert into ${syntax.table(tableOf(task.model, part.table))} (${list(part.columns.map((c) => id(c)))}) ${syntax.overridingIdentity} select ${list(values)} from ${from} as r join ${rows.from} as k on ${sameKey("k", "r", key)} where ${at ?? raw("1 = 1")}`;
}

async function giveBack(task: RestoreTask, set: RowSet, columns: readonly string[]): Promise<void> {
  if (columns.length === 0) return;
  await task.place.tx.run(overwriteStatement(task, columns, set));
}
