import { inSet } from "../dialect/change.ts";
import { type RowSet, sameKey, ScratchRowSets } from "../dialect/row-set.ts";
import { allOf, id, join, list, type Sql, sql } from "../dialect/sql.ts";
import { DEPTH } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import { parentsFirst } from "../graph/order.ts";
import { type ArchivePart, archivedRows, fromArchive, rowsOf } from "../journal/archive.ts";
import { tableOf } from "../model/model.ts";
import { columnOf, type Table } from "../model/table.ts";
import type { RestoreTask } from "./task.ts";

/** Inserts the deleted rows, parents first, gives updated rows their references back, and checks every row. */
export async function putBack(task: RestoreTask, withoutTriggers: boolean): Promise<void> {
  const deleted = task.parts.filter((p) => p.kind === "deleted");
  const before = task.parts.filter((p) => p.kind === "before");
  const tables = [...new Set([...deleted, ...before].map((p) => p.table))].map((t) => tableOf(task.model, t));
  if (withoutTriggers) for (const table of tables) await switchTriggers(task, table, "off");
  for (const group of insertGroups(task, deleted)) await insert(task, group);
  const sets = new ScratchRowSets(task.place.tx, task.engine.syntax);
  for (const part of before) await relink(task, part, await decoded(task, sets, part));
  for (const part of [...deleted, ...before]) await correct(task, part, sets);
  for (const part of deleted) await advanceSequences(task, part);
  if (withoutTriggers) for (const table of tables) await switchTriggers(task, table, "on");
}

async function switchTriggers(task: RestoreTask, table: Table, state: "on" | "off"): Promise<void> {
  const statement = task.engine.syntax.userTriggers(table, state);
  if (statement) await task.place.tx.run(statement);
  else if (table.triggers.length > 0) {
    throw new OnDeleteError("unsupported", `This engine cannot switch off the triggers of ${table.id}.`, {
      hint: "Restore without --without-triggers: rows that a trigger changes are corrected afterwards.",
    });
  }
}

function insertGroups(task: RestoreTask, parts: readonly ArchivePart[]): readonly (readonly ArchivePart[])[] {
  const groups = parentsFirst(parts.map((p) => p.table), task.model.relations.filter((r) => r.enforced));
  return groups.map((tables) => parts.filter((p) => tables.includes(p.table)));
}

/** Tables that reference each other are filled in one statement where checks run at its end; elsewhere they wait for the commit. */
async function insert(task: RestoreTask, parts: readonly ArchivePart[]): Promise<void> {
  const { tx } = task.place;
  if (parts.length > 1 && task.engine.capabilities.changesTablesTogether) {
    const inserts = parts.map((p, i) => sql`${id(`put_${i}`)} as (${insertStatement(task, p)} returning 1)`);
    const counts = parts.map((_, i) => sql`(select count(*) from ${id(`put_${i}`)}) as ${id(`n${i}`)}`);
    const [row] = await tx.rows(sql`with ${join(inserts, ", ")} select ${list(counts)}`);
    for (const [i, part] of parts.entries()) checkCount(part, Number(row?.[`n${i}`]));
    return;
  }
  for (const part of parts) checkCount(part, await tx.run(insertStatement(task, part)));
}

function insertStatement(task: RestoreTask, part: ArchivePart): Sql {
  const { syntax } = task.engine;
  const table = tableOf(task.model, part.table);
  const values = part.columns.map((c) => fromArchive(syntax, part, table, c));
  return sql`insert into ${syntax.table(table)} (${list(part.columns.map((c) => id(c)))}) ${syntax.overridingIdentity} select ${list(values)} from ${rowsOf(task.place, part)} order by ${id("r", "ordinal")}`;
}

/** The archived key and written columns in a scratch table, to be joined by key. */
async function decoded(task: RestoreTask, sets: ScratchRowSets, part: ArchivePart, columns: readonly string[] = [...new Set([...part.key, ...part.written])]): Promise<RowSet> {
  const table = tableOf(task.model, part.table);
  const set = { name: `ondelete_r_${part.part}_${columns.length}`, source: table, columns, key: part.key };
  return sets.define(set, sql`select a.*, 0 as ${id(DEPTH)} from (${archivedRows(task.place, part, table, columns)}) as a`, []);
}

/** Conflicts were ruled out in this transaction: every row holds what the operation wrote, or again what it held before. */
async function relink(task: RestoreTask, part: ArchivePart, set: RowSet): Promise<void> {
  const changed = await task.place.tx.run(writeBack(task, part.written, set));
  checkCount(part, changed);
}

/** Gives the columns of the rows of a set the set's values. */
function writeBack(task: RestoreTask, columns: readonly string[], set: RowSet): Sql {
  const name = set.table.name;
  const values = columns.map((c) => sql`${id(c)} = (select ${id("ondelete_s", c)} from ${set.from} as ondelete_s where ${sameKey("ondelete_s", name, set.key)})`);
  return sql`update ${task.engine.syntax.table(set.table)} set ${list(values)} where ${inSet(set)}`;
}

/** A trigger may have changed what was written: such rows are written again, and if that does not help nothing is. */
async function correct(task: RestoreTask, part: ArchivePart, sets: ScratchRowSets): Promise<void> {
  const differing = await countDiffering(task, part);
  if (differing === 0) return;
  const columns = part.columns.filter((c) => !part.key.includes(c) && part.written.includes(c));
  const set = await decoded(task, sets, part, part.columns);
  if (columns.length > 0) await task.place.tx.run(writeBack(task, columns, set));
  const left = await countDiffering(task, part);
  if (left === 0) return;
  throw new OnDeleteError("count-mismatch", `${left} rows of ${part.table} would not be as they were: a trigger on the table changes what is written.`, {
    hint: "Nothing was restored. Use --without-triggers, or change the trigger.",
    details: { table: part.table, rows: left },
  });
}

/** Rows whose written columns are not what the archive says, missing rows included. */
async function countDiffering(task: RestoreTask, part: ArchivePart): Promise<number> {
  const { syntax } = task.engine;
  const table = tableOf(task.model, part.table);
  const columns = part.kind === "deleted" ? part.columns : [...part.key, ...part.written.filter((c) => !part.key.includes(c))];
  const text = (value: Sql, name: string) => syntax.text(value, columnOf(table, name));
  const same = allOf(columns.map((c) => syntax.same(text(id("t", c), c), text(fromArchive(syntax, part, table, c), c))));
  const key = allOf(part.key.map((c) => sql`${id("t", c)} = ${fromArchive(syntax, part, table, c)}`));
  const [row] = await task.place.tx.rows(sql`select count(*) as n from ${rowsOf(task.place, part)} join ${syntax.table(table)} as t on ${key} where ${same}`);
  return part.rows - Number(row?.["n"]);
}

async function advanceSequences(task: RestoreTask, part: ArchivePart): Promise<void> {
  const table = tableOf(task.model, part.table);
  for (const column of table.columns.filter((c) => c.sequence !== null)) {
    const statement = task.engine.syntax.advanceSequence(table, column);
    if (statement) await task.place.tx.rows(statement);
  }
}

function checkCount(part: ArchivePart, written: number): void {
  if (written === part.rows) return;
  throw new OnDeleteError("count-mismatch", `${part.rows} rows of ${part.table} were to be written, but ${written} were: a trigger or rule on the table interferes.`, {
    hint: "Nothing was restored. Use --without-triggers, or change the trigger.",
    details: { table: part.table, planned: part.rows, written },
  });
}
