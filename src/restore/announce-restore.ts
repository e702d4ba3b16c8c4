import { id, sql } from "../dialect/sql.ts";
import { announce } from "../journal/hooks.ts";
import { enqueueAll } from "../journal/outbox.ts";
import { tableOf } from "../model/model.ts";
import type { Operation, RowCounts } from "../model/operation.ts";
import { hasOutbox } from "../model/policy.ts";
import { filesOf } from "./files-taken.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** What is told of a restore. */
interface Told {
  readonly entry: Operation;
  readonly inserts: RowCounts;
  readonly updates: RowCounts;
  readonly at: Date;
}

/**
 * Calls the hooks that come before a restore, and writes down what is to be done after its commit: files brought back,
 * hooks called.
 * @throws `hook-refused`
 */
export async function announceRestore(
  task: RestoreTask,
  { entry, inserts, updates, at }: Told,
): Promise<void> {
  const { policy, place, model } = task;
  if (!hasOutbox(policy)) return;
  const parts = task.parts.filter((p) => p.kind !== "after" && (p.kind === "deleted" || p.relation === null));
  const rows = parts.map((part) => ({
    table: tableOf(model, part.table),
    from: sql`${rowsOf(task, part).from} as t`,
  }));
  const { operation, mode, target, actor, reason } = entry;
  const event = { verb: "restore", operation, mode, target, deleted: inserts, updated: updates } as const;
  await announce(place, { policy, event: { ...event, actor, reason }, rows, at });
  for (const part of parts)
    for (const { column } of filesOf(task, part)) {
      const path = task.engine.syntax.plainText(id("d", column));
      await enqueueAll(
        place,
        { kind: "back", subject: { table: part.table, column }, at },
        sql`select distinct ${path} as body from ${rowsOf(task, part).from} as d where ${id("d", column)} is not null and ${path} <> ''`,
      );
    }
}
