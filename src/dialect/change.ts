import { identityOf, type Table } from "../model/table.ts";
import type { Assignment, DeletedRows, Effect } from "./planned.ts";
import { type RowSet, sameKey } from "./row-set.ts";
import { allOf, anyOf, id, join, list, raw, type Sql, sql } from "./sql.ts";
import { DEPTH, type Syntax } from "./syntax.ts";

/** An alias that no table has as its name. */
export const INNER = "ondelete:inner";

/** The updates of one statement: effects on one table that no other update brings about. */
export type UpdateGroup = readonly Effect[];

/** Effects as statements: those that deletes cause in one statement a table, what they spread to one by one after them. */
export function updateGroups(effects: readonly Effect[]): readonly UpdateGroup[] {
  const first = Map.groupBy(
    effects.filter((e) => e.cause === null),
    (e) => e.table.id,
  );
  return [...first.values(), ...effects.filter((e) => e.cause !== null).map((e) => [e])];
}

/** Writes the new values into every row of the group. */
export function updateStatement(syntax: Syntax, group: UpdateGroup): Sql {
  const [only] = group;
  if (!only) throw new Error("bug in ondelete: an update of nothing");
  const columns = [...new Set(group.flatMap((e) => [...e.assignments.keys()]))];
  const values = columns.map((name) => sql`${id(name)} = ${newValue(group, name)}`);
  const rows = anyOf(group.map((e) => inSet(e.rows)));
  return sql`update ${syntax.rows(only.table)} set ${list(values)} where ${rows}`;
}

function newValue(group: UpdateGroup, name: string): Sql {
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
    return sql`when exists (select 1 from ${effect.rows.from} as ${id(INNER)} where ${key}) then ${assignmentSql(assignment)}`;
  });
  return sql`case ${join(cases, " ")} else ${id(name)} end`;
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

/** Deletes the rows of a set; with `level`, only those at that distance from a root. */
export function deleteStatement(syntax: Syntax, set: RowSet, level?: number): Sql {
  const at = level === undefined ? undefined : sql`${id(DEPTH)} = ${raw(String(level))}`;
  return sql`delete from ${syntax.rows(set.table)} where ${inSet(set, at)}`;
}

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

/** Whether a row of the table in hand is in the set, by key. */
export function inSet(set: RowSet, condition?: Sql): Sql {
  const where = condition ? sql` where ${condition}` : raw("");
  const key = list(set.key.map((c) => id(c)));
  const left = set.key.length === 1 ? key : sql`(${key})`;
  return sql`${left} in (select ${key} from ${set.from}${where})`;
}

/** How many rows of the set still exist. */
export function remaining(syntax: Syntax, set: RowSet): Sql {
  const table: Table = set.table;
  return sql`select count(*) as n from ${syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", identityOf(table))}`;
}
