import { identityOf, type Table } from "../model/table.ts";
import { isLive } from "./marker.ts";
import type { Assignment, Change, DeletedRows, Effect, References } from "./planned.ts";
import { type RowSet, sameKey } from "./row-set.ts";
import { allOf, id, join, list, raw, type Sql, sql } from "./sql.ts";
import { DEPTH, type MatchedRows, type Syntax } from "./syntax.ts";

/** An alias that no table has as its name. */
export const INNER = "ondelete:inner";

/** The updates of one statement: changes of one table that no other update brings about. */
export type UpdateGroup<C extends Change = Change> = readonly C[];

/** Puts what a select needs to read row sets around it; see `RowSets.over`. */
export type Over = (uses: readonly RowSet[], select: Sql) => Sql;

const readable: Over = (_, select) => select;

/** Effects as statements: those that deletes cause in one statement a table, what they spread to one by one after them. */
export function updateGroups(effects: readonly Effect[]): readonly UpdateGroup<Effect>[] {
  const first = Map.groupBy(
    effects.filter((e) => e.cause === null),
    (e) => e.table.id,
  );
  return [...first.values(), ...effects.filter((e) => e.cause !== null).map((e) => [e])];
}

/** Writes the new values into every row of the group. */
export function updateStatement(syntax: Syntax, group: UpdateGroup, over = readable): Sql {
  const [only] = group;
  if (!only) throw new Error("bug in ondelete: an update of nothing");
  const columns = [...new Set(group.flatMap((e) => [...e.assignments.keys()]))];
  const values = new Map(columns.map((name) => [name, newValue(group, name, over)]));
  if (group.length === 1 && only.by) {
    const where = only.marker ? { where: isLive(only.table.name, only.table, only.marker) } : {};
    return syntax.updateRows({ ...referencing(only.table, only.by), ...where }, values);
  }
  return syntax.updateRows(
    matching(
      group.map((e) => e.rows),
      over,
    ),
    values,
  );
}

function newValue(group: UpdateGroup, name: string, over: Over): Sql {
  const writing = group
    .flatMap((e) => {
      const assignment = e.assignments.get(name);
      return assignment ? [{ effect: e, assignment }] : [];
    })
    .sort(nullFirst);
  const [first] = writing;
  if (group.length === 1 && first) return assignmentSql(first.assignment);
  const cases = writing.map(({ effect, assignment }) => {
    const key = sameKey(INNER, effect.table.name, effect.rows.key);
    const row = sql`select 1 from ${effect.rows.from} as ${id(INNER)} where ${key}`;
    return sql`when exists (${over([effect.rows], row)}) then ${assignmentSql(assignment)}`;
  });
  return sql`case ${join(cases, " ")} else ${id(group[0]?.table.name ?? "", name)} end`;
}

/** Where one relation nulls a column and another gives it its default, null holds: it references nothing for sure. */
export const nullFirst = (
  a: { readonly assignment: Assignment },
  b: { readonly assignment: Assignment },
): number => Number(a.assignment.kind !== "null") - Number(b.assignment.kind !== "null");

/** The assignment as a SQL value. */
export function assignmentSql(assignment: Assignment): Sql {
  return assignment.kind === "null" ? raw("null") : sql`(${raw(assignment.expression)})`;
}

/** Rows of a set in key order. */
export interface Slice {
  readonly limit: number;
  readonly offset: number;
}

/** A set in slices by each of which about as many rows are deleted as the engine takes best. */
export function slicesOf(
  syntax: Syntax,
  set: { readonly rows: number; readonly deleted: number },
): readonly (Slice | null)[] {
  const { rowsPerDelete } = syntax;
  if (rowsPerDelete === null || set.deleted <= rowsPerDelete) return [null];
  const limit = Math.max(1, Math.floor((rowsPerDelete * set.rows) / set.deleted));
  return Array.from({ length: Math.ceil(set.rows / limit) }, (_, i) => ({ limit, offset: i * limit }));
}

const sliced = (set: RowSet, slice: Slice | null): Sql => {
  if (!slice) return raw("");
  const order = list(set.key.map((c) => id("s", c)));
  return sql` order by ${order} limit ${raw(String(slice.limit))} offset ${raw(String(slice.offset))}`;
};

/** A set, or a slice of it, as an item of FROM. */
export const setSlice = (set: RowSet, slice: Slice | null): Sql =>
  slice ? sql`(select * from ${set.from} as s${sliced(set, slice)})` : set.from;

/** Deletes the rows of a set; with `level`, only those at that depth. */
export function deleteStatement(
  syntax: Syntax,
  set: RowSet,
  {
    level,
    over = readable,
    slice = null,
  }: { readonly level?: number; readonly over?: Over; readonly slice?: Slice | null } = {},
): Sql {
  const at = level === undefined ? raw("") : sql` where ${id(DEPTH)} = ${raw(String(level))}`;
  const select = over(
    [set],
    sql`select ${valuesOf(set.key)} from ${set.from} as s${at}${sliced(set, slice)}`,
  );
  return syntax.deleteRows({ table: set.table, columns: set.key, select });
}

/** The rows of a table that reference rows of a set, or those of a slice of it. */
function referencing(
  table: Table,
  { relation, parents }: References,
  slice: Slice | null = null,
): MatchedRows {
  const select = sql`select ${valuesOf(relation.parentColumns)} from ${parents.from} as s${sliced(parents, slice)}`;
  return { table, columns: relation.columns, select };
}

/** Deletes the rows of a table that reference rows of a set. */
export const deleteChildren = (
  syntax: Syntax,
  table: Table,
  { reference, slice }: { readonly reference: References; readonly slice: Slice | null },
): Sql => syntax.deleteRows(referencing(table, reference, slice));

/**
 * Changes several tables in one statement, checks running at its end; yields one count for each delete and then for
 * each update, `n0`, `n1`, …. Updates wait for the deletes by reading their counts, so that they can take over unique
 * values of deleted rows: https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-MODIFYING
 */
export function changeTogether(
  syntax: Syntax,
  tables: readonly DeletedRows[],
  updates: readonly UpdateGroup[] = [],
): Sql {
  const deletes = tables.map((t) => deleteStatement(syntax, t.set));
  const after = tables.map((_, i) => sql`(select count(*) from ${id(`change_${i}`)}) >= 0`);
  const all = [
    ...deletes,
    ...updates.map((group) => sql`${updateStatement(syntax, group)} and ${allOf(after)}`),
  ];
  const parts = all.map((statement, i) => sql`${id(`change_${i}`)} as (${statement} returning 1)`);
  const counts = all.map((_, i) => sql`(select count(*) from ${id(`change_${i}`)}) as ${id(`n${i}`)}`);
  return sql`with ${join(parts, ", ")} select ${list(counts)}`;
}

const valuesOf = (columns: readonly string[]): Sql =>
  list(columns.map((c, i) => sql`${id("s", c)} as ${id(`value_${i}`)}`));

/** The rows that are in at least one of several sets of one table. */
export function matching(sets: readonly RowSet[], over = readable): MatchedRows {
  const [first] = sets;
  if (!first) throw new Error("bug in ondelete: rows of no set");
  const selects = sets.map((set) => sql`select ${valuesOf(set.key)} from ${set.from} as s`);
  return { table: first.table, columns: first.key, select: over(sets, join(selects, " union ")) };
}

/** Whether a row of a table, which goes by its bare name in the statement, is in the set, by key. */
export function inSet(set: RowSet): Sql {
  const key = list(set.key.map((c) => id(set.table.name, c)));
  return sql`${set.key.length === 1 ? key : sql`(${key})`} in (${matching([set]).select})`;
}

/** How many rows of the set still exist. */
export function remaining(syntax: Syntax, set: RowSet): Sql {
  const table: Table = set.table;
  return sql`select count(*) as n from ${syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", identityOf(table))}`;
}
