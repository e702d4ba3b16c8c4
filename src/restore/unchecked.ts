import { sameKey } from "../dialect/row-set.ts";
import { anyOf, id, sql } from "../dialect/sql.ts";
import { proveParents } from "./insert-by-rank.ts";
import type { RestoreTask } from "./task.ts";
import type { Relink } from "./write-back.ts";

/** Runs work whose writes the engine does not check and follows by no action; whoever uses it proves the references. */
export async function unchecked(task: RestoreTask, work: () => Promise<void>): Promise<void> {
  const { tx, syntax } = task.place;
  if (syntax.foreignKeyChecks) await tx.run(syntax.foreignKeyChecks.off);
  await work();
  if (syntax.foreignKeyChecks) await tx.run(syntax.foreignKeyChecks.on);
}

/** Whether nothing can reference what the rows hold now: where another value than null is overwritten, something may. */
export async function isFree(task: RestoreTask, { table, parts }: Relink): Promise<boolean> {
  const { tx, syntax } = task.place;
  const referenced = new Set(
    task.model.relations.filter((r) => r.parent === table.id).flatMap((r) => r.parentColumns),
  );
  for (const { part, set } of parts) {
    const held = part.written
      .filter((c) => referenced.has(c))
      .map((c) => sql`(${id("t", c)} is not null and not (${syntax.same(id("t", c), id("s", c))}))`);
    const rows = sql`${syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`;
    const found = await tx.rows(sql`select 1 as found from ${rows} where ${anyOf(held)} limit 1`);
    if (found.length > 0) return false;
  }
  return true;
}

/**
 * Proves every reference of rows that were given theirs unchecked, their parents locked.
 * @throws `constraint-violated`
 */
export async function proveRelinked(task: RestoreTask, { table, parts }: Relink): Promise<void> {
  for (const { part, set } of parts) {
    const written = task.model.relations.filter(
      (r) => r.enforced && r.child === table.id && r.columns.some((c) => part.written.includes(c)),
    );
    for (const relation of written) await proveParents(task, relation, set);
  }
}
