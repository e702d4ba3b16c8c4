import { id, join, list, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { parentsFirst } from "../graph/order.ts";
import type { ArchivePart } from "../journal/archive.ts";
import { mayCollide, withGenerated } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import type { Report } from "../model/progress.ts";
import type { Table } from "../model/table.ts";
import { checkWritten, correct } from "./correct.ts";
import { insertByRank, needsRanks } from "./insert-by-rank.ts";
import type { RestoreSubject, RestoreTask } from "./task.ts";
import { isFree, proveRelinked, unchecked } from "./unchecked.ts";
import { insertStatement, type Relink, relinkStatement, relinksOf } from "./write-back.ts";

/** Inserts the deleted rows, gives updated rows their references back, and checks every row. */
export async function putBack(task: RestoreTask, withoutTriggers: boolean, report: Report): Promise<void> {
  const deleted = task.parts.filter((p) => p.kind === "deleted");
  const before = task.parts.filter((p) => p.kind === "before");
  const tables = [...new Set([...deleted, ...before].map((p) => p.table))].map((t) => tableOf(task.model, t));
  if (withoutTriggers) for (const table of tables) await switchTriggers(task, table, "off");
  await write(task, { inserts: insertGroups(task, deleted), relinks: await relinksOf(task, before), report });
  report({ phase: "checking", table: null, done: 0, total: 0 });
  for (const part of isAsGiven(task, tables) ? before : [...deleted, ...before]) await correct(task, part);
  for (const part of deleted) await advanceSequences(task, part);
  if (withoutTriggers) for (const table of tables) await switchTriggers(task, table, "on");
}

/** Whether nothing can have changed what was inserted: no trigger of any table that was written. */
function isAsGiven({ engine, model }: RestoreTask, written: readonly Table[]): boolean {
  const ids = written.map((t) => t.id);
  const tables = model.tables.filter((t) => ids.includes(t.id) || ids.includes(t.partitionOf ?? ""));
  return engine.capabilities.insertsAsGiven && tables.every((t) => t.triggers.length === 0);
}

interface Written {
  readonly inserts: readonly (readonly ArchivePart[])[];
  readonly relinks: readonly Relink[];
  readonly report: Report;
}

/**
 * Rows that get a reference back have to give up a unique value that a deleted row needs, and they need the deleted
 * row to reference it: where checks wait, the references come first; else, where it matters, all come in one
 * statement, or the references come first unchecked and are proven when all rows are there.
 */
async function write(task: RestoreTask, { inserts, relinks, report }: Written): Promise<void> {
  const { capabilities } = task.engine;
  if (capabilities.defersChecks) {
    await relinkAll(task, relinks);
    await insertAll(task, inserts, report);
  } else if (capabilities.changesTablesTogether && relinks.some((r) => givesUp(task, r, inserts.flat()))) {
    await together(task, relinks, inserts.flat());
  } else {
    const early = await relinksThatComeFirst(task, relinks, inserts.flat());
    if (early.length > 0) await unchecked(task, () => relinkAll(task, early));
    await insertAll(task, inserts, report);
    const others = relinks.filter((r) => !early.includes(r));
    await relinkAll(task, others);
    for (const relink of early) await proveRelinked(task, relink);
  }
}

async function relinksThatComeFirst(
  task: RestoreTask,
  relinks: readonly Relink[],
  deleted: readonly ArchivePart[],
): Promise<readonly Relink[]> {
  if (!task.engine.capabilities.checksAtOnce) return [];
  const out: Relink[] = [];
  for (const relink of relinks.filter((r) => givesUp(task, r, deleted)))
    if (await isFree(task, relink)) out.push(relink);
  return out;
}

async function relinkAll(task: RestoreTask, relinks: readonly Relink[]): Promise<void> {
  for (const relink of relinks)
    checkWritten(relink.table.id, relink.rows, await task.place.tx.run(relinkStatement(task, relink)));
}

async function insertAll(task: RestoreTask, groups: Written["inserts"], report: Report): Promise<void> {
  const total = groups.flat().reduce((n, p) => n + p.rows, 0);
  let done = 0;
  for (const parts of groups) {
    report({ phase: "inserting", table: parts[0]?.table ?? null, done, total });
    await insertRows(task, parts);
    done += parts.reduce((n, p) => n + p.rows, 0);
  }
}

/** Whether deleted rows need a value that the rows to be relinked hold now, or will hold again. */
function givesUp(task: RestoreTask, { table, parts }: Relink, deleted: readonly ArchivePart[]): boolean {
  const written = parts.flatMap(({ part }) => part.written.map((name) => ({ name, toNull: true })));
  const collides = table.indexes.some((i) => written.some((w) => mayCollide(i, w)));
  const computed = withGenerated(table, written).map((w) => w.name);
  const referenced = task.model.relations.some(
    (r) =>
      r.parent === table.id &&
      deleted.some((p) => p.table === r.child) &&
      r.parentColumns.some((c) => computed.includes(c)),
  );
  return referenced || (collides && deleted.some((p) => p.table === table.id));
}

/**
 * Tables that reference each other are filled in one statement where checks run at its end; where they wait for the
 * commit the order does not matter, and where they are made at once it is found row by row.
 */
async function insertRows(task: RestoreTask, parts: readonly ArchivePart[]): Promise<void> {
  const { changesTablesTogether, checksAtOnce } = task.engine.capabilities;
  if (changesTablesTogether && parts.length > 1) return together(task, [], parts);
  if (checksAtOnce && needsRanks(task, parts)) return insertByRank(task, parts);
  for (const part of parts)
    checkWritten(part.table, part.rows, await task.place.tx.run(insertStatement(task, part)));
}

/** One statement; inserts wait for the updates by reading their counts. */
async function together(
  task: RestoreTask,
  relinks: readonly Relink[],
  parts: readonly ArchivePart[],
): Promise<void> {
  const waiting: Sql[] = relinks.map((_, i) => sql`(select count(*) from ${id(`put_${i}`)}) >= 0`);
  const statements = [
    ...relinks.map((r) => relinkStatement(task, r)),
    ...parts.map((p) => insertStatement(task, p, waiting)),
  ];
  const named = statements.map((statement, i) => sql`${id(`put_${i}`)} as (${statement} returning 1)`);
  const counts = statements.map((_, i) => sql`(select count(*) from ${id(`put_${i}`)}) as ${id(`n${i}`)}`);
  const [row] = await task.place.tx.rows(sql`with ${join(named, ", ")} select ${list(counts)}`);
  const planned = [...relinks.map((r) => ({ table: r.table.id, rows: r.rows })), ...parts];
  for (const [i, { table, rows }] of planned.entries()) checkWritten(table, rows, Number(row?.[`n${i}`]));
}

/** Parents first, by all constraints: switched off on the parent, one may still be checked on the child. */
export function insertGroups(
  task: RestoreSubject,
  parts: readonly ArchivePart[],
): readonly (readonly ArchivePart[])[] {
  const groups = parentsFirst(
    parts.map((p) => p.table),
    task.model.relations,
  );
  return groups.map((tables) => parts.filter((p) => tables.includes(p.table)));
}

async function switchTriggers(task: RestoreTask, table: Table, state: "on" | "off"): Promise<void> {
  const statements = task.engine.syntax.userTriggers(table, state);
  for (const statement of statements ?? []) await task.place.tx.run(statement);
  if (!statements && table.triggers.length > 0) {
    throw new OnDeleteError("unsupported", `This engine cannot switch off the triggers of ${table.id}.`, {
      hint: "Restore without --without-triggers: rows that a trigger changes are corrected afterwards.",
    });
  }
}

async function advanceSequences(task: RestoreTask, part: ArchivePart): Promise<void> {
  const table = tableOf(task.model, part.table);
  for (const column of table.columns.filter((c) => c.sequence !== null)) {
    const statement = task.engine.syntax.advanceSequence(table, column);
    if (statement) await task.place.tx.rows(statement);
  }
}
