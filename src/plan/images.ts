import { assignmentSql, nullFirst } from "../dialect/change.ts";
import { collide, entriesOf, keyOfEntry, sameEntry } from "../dialect/collisions.ts";
import { withComputed } from "../dialect/computed.ts";
import { references } from "../dialect/edge.ts";
import type { Change, Effect } from "../dialect/planned.ts";
import { type RowSet, sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { type Check, type Index, identityOf, type Table } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Scope } from "./scope.ts";

/** The rows of one table as its updates leave them. */
export interface Images {
  readonly table: Table;
  readonly changes: readonly Change[];
  /** A select of the updated rows with their new values, all columns by name. */
  readonly updated: Sql;
  readonly uses: readonly RowSet[];
}

export function imagesOf(syntax: Syntax, table: Table, changes: readonly Change[]): Images {
  const alias = (i: number) => `u${i}`;
  const joins = changes.map(
    (c, i) => sql`left join ${c.rows.from} as ${id(alias(i))} on ${sameKey(alias(i), "t", c.rows.key)}`,
  );
  const hit = (i: number) => sql`${id(alias(i), changes[i]?.rows.key[0] ?? "")} is not null`;
  const values = table.columns.map((column) => {
    const cases = changes
      .flatMap((c, i) => {
        const assignment = c.assignments.get(column.name);
        return assignment ? [{ assignment, row: hit(i) }] : [];
      })
      .sort(nullFirst)
      .map(
        ({ assignment, row }) => sql`when ${row} then ${syntax.assigned(assignmentSql(assignment), column)}`,
      );
    const old = id("t", column.name);
    // The untouched value as the last branch gives a bare null the column's type.
    const value = cases.length > 0 ? sql`case ${join(cases, " ")} else ${old} end` : old;
    return sql`${value} as ${id(column.name)}`;
  });
  const written = changes.flatMap((c) => [...c.assignments.keys()]);
  const updated = sql`select ${list(values)} from ${syntax.rows(table)} as t ${join(joins, " ")} where ${anyOf(changes.map((_, i) => hit(i)))}`;
  return { table, changes, updated: withComputed(table, written, updated), uses: changes.map((c) => c.rows) };
}

/** Keys of those rows of a select of one change. */
function ofChange({ table }: Images, change: Change, rows: Sql): Sql {
  const keys = list(identityOf(table).map((c) => sql`${id("n", c)} as ${id(c)}`));
  return sql`select ${keys} from (${rows}) as n where exists (select 1 from ${change.rows.from} as mine where ${sameKey("mine", "n", change.rows.key)})`;
}

/** Keys of a change's rows for which a condition on the alias `n` holds. */
const failing = (images: Images, change: Change, condition: Sql): Sql =>
  ofChange(images, change, sql`select * from (${images.updated}) as n where ${condition}`);

/** Keys of updated rows in which a column is null. */
export const nullFailures = (images: Images, change: Change, column: string): Sql =>
  failing(images, change, sql`${id("n", column)} is null`);

/** Keys of updated rows for which a CHECK would be false. */
export function checkFailures(scope: Scope, images: Images, change: Change, check: Check): Sql {
  const { name } = images.table;
  const condition = scope.engine.syntax.isFalse(sql`(${raw(check.expression)})`);
  // The expression may name the table.
  const violating = sql`select ${list(identityOf(images.table).map((c) => id(name, c)))} from (${images.updated}) as ${id(name)} where ${condition}`;
  return ofChange(images, change, violating);
}

/** MATCH FULL constraints of which some but not all columns would be null, with the keys of such updated rows. */
export function halfReferences(
  scope: Scope,
  images: Images,
  change: Change,
): readonly { readonly relation: Relation; readonly select: Sql }[] {
  return scope.declared
    .filter((r) => r.child === change.table.id && r.enforced && r.match === "full" && r.columns.length > 1)
    .map((relation) => {
      const nulls = relation.columns.map((c) => sql`${id("n", c)} is null`);
      const some = sql`${anyOf(nulls)} and not (${allOf(nulls)})`;
      return { relation, select: failing(images, change, some) };
    });
}

/** Keys of updated rows that would collide in an index with another row that stays. */
export function uniqueFailures(
  { scope, closure }: { readonly scope: Scope; readonly closure: Closure },
  images: Images,
  change: Change,
  index: Index,
): Sql {
  const { table, changes } = images;
  const { syntax } = scope.engine;
  const key = identityOf(table);
  const gone = closure.tables.get(table.id)?.set;
  const left = [...changes.map((c) => c.rows), ...(gone ? [gone] : [])];
  const stays = left.map(
    (set) => sql`not exists (select 1 from ${set.from} as gone where ${sameKey("gone", "t", set.key)})`,
  );
  const columns = list(table.columns.map((c) => id("t", c.name)));
  const others = sql`select ${columns} from ${syntax.rows(table)} as t where ${allOf(stays)}`;
  const collides = (rows: Sql): Sql =>
    sql`exists (select 1 from (${entriesOf({ table, index, key }, rows)}) as o where ${collide(syntax, index, "n", "o")} and not (${sameEntry(key, "n", "o")}))`;
  const mine = entriesOf({ table, index, key }, images.updated);
  const colliding = sql`select ${keyOfEntry(key, "n")} from (${mine}) as n where ${anyOf([images.updated, others].map(collides))}`;
  return ofChange(images, change, colliding);
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
  return failing(images, effect, anyOf(failures));
}
