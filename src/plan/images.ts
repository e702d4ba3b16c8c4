import { assignmentSql, nullFirst } from "../dialect/change.ts";
import { references } from "../dialect/edge.ts";
import { type Effect, writtenBy } from "../dialect/planned.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { tableOf } from "../model/model.ts";
import { type Check, columnOf, type Index, identityOf, type Table } from "../model/table.ts";
import type { Closure } from "./closure.ts";

import type { Scope } from "./scope.ts";

/** The rows of one table as its updates leave them. */
export interface Images {
  readonly table: Table;
  readonly effects: readonly Effect[];
  /** A select of the updated rows with their new values, all columns by name. */
  readonly updated: Sql;
  readonly uses: readonly RowSet[];
}

export function imagesOf(table: Table, effects: readonly Effect[], from: Sql): Images {
  const alias = (i: number) => `u${i}`;
  const joins = effects.map(
    (e, i) => sql`left join ${e.rows.from} as ${id(alias(i))} on ${sameKey(alias(i), "t", e.rows.key)}`,
  );
  const hit = (i: number) => sql`${id(alias(i), effects[i]?.rows.key[0] ?? "")} is not null`;
  const values = table.columns.map((column) => {
    const cases = effects
      .flatMap((e, i) => {
        const assignment = e.assignments.get(column.name);
        return assignment ? [{ assignment, row: hit(i) }] : [];
      })
      .sort(nullFirst)
      .map(({ assignment, row }) => sql`when ${row} then ${assignmentSql(assignment)}`);
    const old = id("t", column.name);
    // The untouched value as the last branch gives a bare null the column's type.
    const value = cases.length > 0 ? sql`case ${join(cases, " ")} else ${old} end` : old;
    return sql`${value} as ${id(column.name)}`;
  });
  const updated = sql`select ${list(values)} from ${from} as t ${join(joins, " ")} where ${anyOf(effects.map((_, i) => hit(i)))}`;
  return { table, effects, updated: withComputed(table, effects, updated), uses: effects.map((e) => e.rows) };
}

/** Computes the generated columns that follow from changed ones anew. */
function withComputed(table: Table, effects: readonly Effect[], updated: Sql): Sql {
  const written = new Set(effects.flatMap((e) => writtenBy(e).map((w) => w.name)));
  if (!table.columns.some((c) => c.expression !== null && written.has(c.name))) return updated;
  const values = table.columns.map(({ name, expression }) =>
    expression !== null && written.has(name) ? sql`(${raw(expression)}) as ${id(name)}` : id(name),
  );
  return sql`select ${list(values)} from (${updated}) as ${id(table.name)}`;
}

/** Keys of updated rows for which a CHECK would be false. */
export function checkFailures(scope: Scope, images: Images, check: Check): Sql {
  const condition = scope.engine.syntax.isFalse(sql`(${raw(check.expression)})`);
  return sql`select ${keyList(images.table)} from (${images.updated}) as ${id(images.table.name)} where ${condition}`;
}

/** Keys of updated rows that would share a unique index entry with another row that stays. */
export function uniqueFailures(scope: Scope, images: Images, index: Index, closure: Closure): Sql {
  const { table, effects } = images;
  const { syntax } = scope.engine;
  const entries = index.entries.map((entry, i) => sql`${raw(entry)} as ${id(`entry_${i}`)}`);
  const key = identityOf(table).map((c, i) => sql`${id(c)} as ${id(`key_${i}`)}`);
  const where = index.predicate === null ? raw("1 = 1") : sql`(${raw(index.predicate)})`;
  const entriesOf = (rows: Sql): Sql =>
    sql`select ${list([...key, ...entries])} from (${rows}) as ${id(table.name)} where ${where}`;
  const left = [
    ...effects.map((e) => e.rows),
    ...(closure.tables.get(table.id) ? [closure.tables.get(table.id)?.set as RowSet] : []),
  ];
  const stays = left.map(
    (set) => sql`not exists (select 1 from ${set.from} as gone where ${sameKey("gone", "t", set.key)})`,
  );
  const columns = list(table.columns.map((c) => id("t", c.name)));
  const others = sql`select ${columns} from ${syntax.rows(table)} as t where ${allOf(stays)}`;
  const equal = index.entries.map((_, i) => {
    const [n, o] = [id("n", `entry_${i}`), id("o", `entry_${i}`)];
    return index.nullsDistinct ? sql`${n} = ${o}` : syntax.same(n, o);
  });
  const itself = allOf(identityOf(table).map((_, i) => sql`${id("n", `key_${i}`)} = ${id("o", `key_${i}`)}`));
  const keys = list(identityOf(table).map((c, i) => sql`${id("n", `key_${i}`)} as ${id(c)}`));
  return sql`select ${keys} from (${entriesOf(images.updated)}) as n where exists (select 1 from (${entriesOf(sql`${images.updated} union all ${others}`)}) as o where ${allOf(equal)} and not (${itself}))`;
}

/** Keys of updated rows whose new values reference a row that does not exist or is being deleted; null where none can. */
export function missingParents(scope: Scope, images: Images, effect: Effect, closure: Closure): Sql | null {
  const defaults = (name: string) => effect.assignments.get(name)?.kind === "default";
  const nulls = (name: string) => effect.assignments.get(name)?.kind === "null";
  const concerned = scope.declared.filter(
    (r) =>
      r.child === effect.table.id &&
      r.enforced &&
      r.columns.some(defaults) &&
      !r.columns.some(nulls) &&
      !(effect.set === "cascade" && r.id === effect.relation.id),
  );
  const own =
    effect.relation.origin === "declared" || !effect.relation.columns.some(defaults) ? [] : [effect.relation];
  const failures = [...concerned, ...own.filter((r) => !concerned.some((c) => c.id === r.id))].map(
    (relation) => {
      const parent = tableOf(scope.model, relation.parent);
      const gone = closure.tables.get(relation.parent)?.set;
      const stays = gone
        ? sql` and not exists (select 1 from ${gone.from} as gone where ${sameKey("gone", "p", gone.key)})`
        : raw("");
      const refs = references(scope.engine.syntax, scope.model, relation, { child: "n", parent: "p" });
      const complete = allOf(relation.columns.map((c) => sql`${id("n", c)} is not null`));
      return sql`(${complete} and not exists (select 1 from ${scope.engine.syntax.rows(parent)} as p where ${refs}${stays}))`;
    },
  );
  if (failures.length === 0) return null;
  const here = sql`exists (select 1 from ${effect.rows.from} as mine where ${sameKey("mine", "n", effect.rows.key)})`;
  return sql`select ${keyList(effect.table, "n")} from (${images.updated}) as n where ${here} and ${anyOf(failures)}`;
}

const keyList = (table: Table, alias?: string): Sql =>
  list(
    identityOf(table).map((c) => (alias ? sql`${id(alias, c)} as ${id(c)}` : id(columnOf(table, c).name))),
  );
