import { type UpdateGroup, updateStatement } from "../dialect/change.ts";
import type { Transaction } from "../dialect/engine.ts";
import { isLive } from "../dialect/marker.ts";
import type { Effect, Mark } from "../dialect/planned.ts";
import { distinctRows, sameKey } from "../dialect/row-set.ts";
import { anyOf, id, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import type { RowCounts } from "../model/operation.ts";

/**
 * Writes the new values of groups of effects, which come with causes first.
 * @throws `count-mismatch`
 */
export async function updateRows(
  tx: Transaction,
  syntax: Syntax,
  groups: readonly UpdateGroup[],
): Promise<void> {
  for (const group of inOrder(groups)) {
    const planned = await plannedCount(tx, group);
    checkUpdateCount(group, { planned, changed: await tx.run(updateStatement(syntax, group)) });
  }
}

/**
 * Nulls are passed on before they are written where they come from, so that no action of the engine has to do it, which
 * MariaDB refuses where it leads back to a table that it has updated. Any other value has to be there first.
 */
function inOrder(groups: readonly UpdateGroup[]): readonly UpdateGroup[] {
  const nulls = groups.flat().every((e) => [...e.assignments.values()].every((a) => a.kind === "null"));
  return nulls ? groups.toReversed() : groups;
}

/** How many rows the statement of a group updates. */
export async function plannedCount(tx: Transaction, group: UpdateGroup): Promise<number> {
  const [first] = group;
  if (group.length === 1 && first) return first.count;
  return distinctRows(
    tx,
    group.map((e) => e.rows),
  );
}

/**
 * A trigger, or an action of the engine that ran in between, may have put another value where null was written.
 * @throws `count-mismatch`
 */
export async function checkUpdated(tx: Transaction, syntax: Syntax, effect: Effect): Promise<void> {
  const nulled = [...effect.assignments]
    .filter(([, a]) => a.kind === "null")
    .map(([name]) => sql`${id("t", name)} is not null`);
  if (nulled.length === 0) return;
  const [row] = await tx.rows(
    sql`select count(*) as n from ${syntax.rows(effect.table)} as t join ${effect.rows.from} as s on ${sameKey("t", "s", effect.rows.key)} where ${anyOf(nulled)}`,
  );
  checkUpdateCount([effect], { planned: effect.count, changed: effect.count - Number(row?.n) });
}

/**
 * A trigger may have taken a mark back.
 * @throws `count-mismatch`
 */
export async function checkMarked(tx: Transaction, syntax: Syntax, mark: Mark): Promise<void> {
  const { table, rows, marker } = mark;
  const [row] = await tx.rows(
    sql`select count(*) as n from ${syntax.rows(table)} as t join ${rows.from} as s on ${sameKey("t", "s", rows.key)} where ${isLive("t", table, marker)}`,
  );
  checkUpdateCount([mark], { planned: mark.count, changed: mark.count - Number(row?.n) });
}

/** @throws `count-mismatch` where another number of rows was updated than planned */
export function checkUpdateCount(
  group: UpdateGroup,
  {
    planned,
    changed,
    ...more
  }: { readonly planned: number; readonly changed: number; readonly retriable?: true },
): void {
  if (changed === planned) return;
  const table = group[0]?.table.id;
  throw new OnDeleteError(
    "count-mismatch",
    `${planned} rows of ${table} were to be updated, but ${changed} were: a trigger or rule on the table interferes.`,
    {
      hint: "Nothing was changed. Look at the table's triggers and rules.",
      details: { table, planned, changed, ...more },
    },
  );
}

/** Distinct rows: one row may lose several references. */
export async function updatedCounts(tx: Transaction, updates: readonly Effect[]): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  for (const [table, group] of Map.groupBy(updates, (e) => e.table.id))
    counts[table] = await plannedCount(tx, group);
  return counts;
}
