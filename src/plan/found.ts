import type { Effect, Mark } from "../dialect/planned.ts";
import type { RowSet } from "../dialect/row-set.ts";
import type { Sql } from "../dialect/sql.ts";
import type { Blocker, BlockReason } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Effects } from "./effects.ts";
import { count, keys, type Reader, SAMPLE } from "./sample.ts";
import type { Scope } from "./scope.ts";

/** A blocker, with what has to be known to tell which roots it concerns. */
export interface BlockerFound {
  readonly blocker: Blocker;
  /** The relation whose parent rows cannot go, and a set of referencing rows; null where whole tables are concerned. */
  readonly cause: { readonly relation: Relation; readonly rows: RowSet | null } | null;
  /** Keys of the only rows of the blocker's table that cannot go; null where that is all of them, or the cause tells. */
  readonly held: Sql | null;
}

export interface BlockerTask {
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  /** The rows of the closure that leave their table: all of them, or of a soft delete those that go to the archive. */
  readonly removed: Closure;
  readonly effects: Effects;
  /** Rows of the closure that a soft delete marks. */
  readonly marks: readonly Mark[];
}

export interface BlockerDraft {
  readonly relation: string;
  readonly table: Table;
  readonly action: string;
  readonly reason: BlockReason;
  readonly message: string;
  readonly select: Sql;
  readonly uses: readonly RowSet[];
  readonly cause: BlockerFound["cause"];
  /** Given where only the rows that are found stay, and not all of their table. */
  readonly holds?: "rows";
}

/** The deleted rows that an effect goes back to. */
export function originOf(effect: Effect): BlockerFound["cause"] {
  return effect.cause ? originOf(effect.cause) : { relation: effect.relation, rows: effect.rows };
}

export async function found(task: BlockerTask, draft: BlockerDraft): Promise<readonly BlockerFound[]> {
  const rows = await count(task.reader, draft.select, draft.uses);
  if (rows === 0) return [];
  const sample = await keys(task.reader, draft.table, draft.select, { uses: draft.uses, limit: SAMPLE });
  const { relation, table, action, reason, message, cause, holds, select } = draft;
  const blocker = { relation, table: table.id, action, reason, rows, sample, message };
  return [{ blocker, cause, held: holds ? select : null }];
}
