import type { Engine } from "../dialect/engine.ts";
import type { PlannedRows } from "../dialect/planned.ts";
import { sameKey } from "../dialect/row-set.ts";
import { sql } from "../dialect/sql.ts";
import type { ArchiveParts, ArchivePlace } from "../journal/archive.ts";
import { announce } from "../journal/hooks.ts";
import type { Clock } from "../journal/journal.ts";
import type { Model } from "../model/model.ts";
import type { RowCounts } from "../model/operation.ts";
import type { Plan, Target, Warning } from "../model/plan.ts";
import { hasOutbox, type Policy } from "../model/policy.ts";
import type { Report } from "../model/progress.ts";
import { archivePlanned } from "./archive-planned.ts";
import { changeRows } from "./change-rows.ts";
import { enqueueFiles } from "./enqueue-files.ts";
import { proveNoReference } from "./suspension.ts";

/** What changes of rows are carried out with. */
export interface Carrier {
  readonly engine: Engine;
  readonly model: Model;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly report: Report;
}

/** Rows that a transaction is about to change, all of them found and counted. */
export interface Changes {
  readonly place: ArchivePlace;
  readonly planned: PlannedRows;
  readonly deleted: RowCounts;
  readonly updated: RowCounts;
  /** Whether referential actions are suspended in the transaction. */
  readonly suspended: boolean;
  /** The archive's parts; null where none is kept. */
  readonly parts: ArchiveParts | null;
  /** What hooks are told. */
  readonly told: {
    readonly verb: "delete" | "purge";
    readonly mode: Plan["mode"];
    readonly target: Target;
    readonly actor: string | null;
    readonly reason: string | null;
  };
}

/**
 * Archives and changes the rows, and checks that exactly they were.
 * @throws `count-mismatch`, `hook-refused`, `constraint-violated`, `plan-changed`
 */
export async function carryOut(carrier: Carrier, changes: Changes): Promise<readonly Warning[]> {
  const { engine, model, policy, report } = carrier;
  const { place, planned, suspended, parts } = changes;
  const { tx } = place;
  const warnings = await announceAndEnqueue(carrier, changes);
  const lock = !(tx.snapshot && engine.capabilities.snapshotsProtect);
  const archived = parts ? await archivePlanned(place, planned, { engine, lock, report, parts }) : null;
  const journalRows = (archived?.written ?? 0) + (policy.hooks.after ? 1 : 0);
  const at = { tx, engine, model, report, journalRows };
  await changeRows(at, archived?.left ?? planned);
  await archived?.after();
  await proveNoReference(at, planned, suspended);
  return warnings;
}

/** Calls hooks and writes down what is to be done after the commit. */
async function announceAndEnqueue(
  { engine, model, policy, clock }: Carrier,
  { place, planned, deleted: rowsDeleted, updated, parts, told }: Changes,
): Promise<readonly Warning[]> {
  if (!hasOutbox(policy)) return [];
  const at = clock.now();
  const { operation } = place;
  const deleted = planned.deletes.flatMap((g) => g.tables);
  const going = [...deleted, ...planned.marks.map(({ table, rows }) => ({ table, set: rows }))];
  const rows = going.map(({ table, set }) => ({
    table,
    from: sql`${engine.syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`,
  }));
  const event = { ...told, operation, deleted: rowsDeleted, updated };
  await announce(place, { policy, event, rows, at });
  return enqueueFiles(place, { engine, model, policy, deleted, archive: parts !== null, at });
}
