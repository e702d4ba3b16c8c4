import type { Effect } from "../dialect/planned.ts";
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
}

export interface BlockerTask {
  readonly scope: Scope;
  readonly reader: Reader;
  readonly closure: Closure;
  readonly effects: Effects;
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
}

/** The deleted rows that an effect goes back to. */
export function originOf(effect: Effect): BlockerFound["cause"] {
  return effect.cause ? originOf(effect.cause) : { relation: effect.relation, rows: effect.rows };
}

export async function found(task: BlockerTask, draft: BlockerDraft): Promise<readonly BlockerFound[]> {
  const rows = await count(task.reader, draft.select, draft.uses);
  if (rows === 0) return [];
  const sample = await keys(task.reader, draft.table, draft.select, { uses: draft.uses, limit: SAMPLE });
  const { relation, table, action, reason, message, cause } = draft;
  return [{ blocker: { relation, table: table.id, action, reason, rows, sample, message }, cause }];
}
