import { type UpdateGroup, updateGroups, updateStatement } from "../dialect/change.ts";
import type { Transaction } from "../dialect/engine.ts";
import type { Effect } from "../dialect/planned.ts";
import { columnsOf, sameKey } from "../dialect/row-set.ts";
import { anyOf, id, list, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";

/**
 * Writes the new values of all effects, causes first, and checks that exactly the planned rows have them.
 * @throws `count-mismatch`
 */
export async function updateRows(tx: Transaction, syntax: Syntax, effects: readonly Effect[]): Promise<void> {
  for (const group of updateGroups(effects)) {
    const planned = await distinctRows(tx, group);
    const changed = await tx.run(updateStatement(syntax, group));
    if (changed !== planned) throw mismatch(group[0]?.table.id ?? "", planned, changed);
  }
  for (const effect of effects) await checkNulls(tx, syntax, effect);
}

async function distinctRows(tx: Transaction, group: UpdateGroup): Promise<number> {
  const [first] = group;
  if (group.length === 1 && first) return first.count;
  const keys = group.map((e) => sql`select ${list(columnsOf("s", e.rows.key))} from ${e.rows.from} as s`);
  const [row] = await tx.rows(sql`select count(*) as n from (${sql.join(keys, sql` union `)}) as u`);
  return Number(row?.["n"]);
}

/** A trigger, or an action of the engine that ran in between, may have put another value there. */
async function checkNulls(tx: Transaction, syntax: Syntax, effect: Effect): Promise<void> {
  const nulled = [...effect.assignments].filter(([, a]) => a.kind === "null").map(([name]) => sql`${id("t", name)} is not null`);
  if (nulled.length === 0) return;
  const [row] = await tx.rows(
    sql`select count(*) as n from ${syntax.table(effect.table)} as t join ${effect.rows.from} as s on ${sameKey("t", "s", effect.rows.key)} where ${anyOf(nulled)}`,
  );
  const kept = Number(row?.["n"]);
  if (kept > 0) throw mismatch(effect.table.id, effect.count, effect.count - kept);
}

function mismatch(table: string, planned: number, changed: number): OnDeleteError {
  return new OnDeleteError("count-mismatch", `${planned} rows of ${table} were to be updated, but ${changed} were: a trigger or rule on the table interferes.`, {
    hint: "Nothing was changed. Look at the table's triggers and rules.",
    details: { table, planned, changed },
  });
}
