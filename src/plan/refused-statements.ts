import type { RowSet } from "../dialect/row-set.ts";
import type { Relation } from "../model/relation.ts";
import { columnsSetBy } from "../model/relation.ts";
import type { Refusal, TableId } from "../model/table.ts";
import { type BlockerDraft, type BlockerFound, type BlockerTask, found, originOf } from "./found.ts";
import { keysOfSet } from "./sample.ts";

/**
 * Statements that the plan needs and the engine refuses, whatever the rows: its own, and those of referential actions
 * that run with them, also where they find no row.
 */
export async function refusedStatements(task: BlockerTask): Promise<readonly BlockerFound[]> {
  return [...(await refusedDeletes(task)), ...(await refusedUpdates(task))];
}

async function refusedDeletes(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { closure } = task;
  const out: BlockerFound[] = [];
  for (const { table, set } of closure.tables.values()) {
    const base = { table, action: "delete", cause: null };
    const own = ofDelete(task, table.id);
    if (own) out.push(...(await refused(task, set, { ...base, relation: table.id, message: own.message })));
    const actions = own ? [] : actingOn(task, table.id).filter((r) => !closure.tables.has(r.child));
    for (const relation of actions) {
      const refusal =
        relation.onDelete === "cascade"
          ? ofDelete(task, relation.child)
          : ofUpdate(task, relation.child, isSet(relation.onDelete) ? columnsSetBy(relation) : []);
      if (!refusal || task.effects.effects.some((e) => e.relation.id === relation.id)) continue;
      const message = `A delete on ${table.id} runs a statement on ${relation.child}. ${refusal.message}`;
      out.push(...(await refused(task, set, { ...base, relation: relation.id, message })));
    }
  }
  return out;
}

async function refusedUpdates(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const effect of task.effects.effects) {
    const { table, relation, rows } = effect;
    const written = [...effect.assignments.keys()];
    const spread = actingOn(task, table.id)
      .filter((r) => r.onUpdate === "cascade" || isSet(r.onUpdate))
      .filter((r) => r.parentColumns.some((c) => written.includes(c)))
      .map((r) => ofUpdate(task, r.child, r.columns));
    const refusal = ofUpdate(task, table.id, written) ?? spread.find((r) => r !== undefined);
    if (!refusal) continue;
    const base = { relation: relation.id, table, action: relation.onDelete, cause: originOf(effect) };
    out.push(...(await refused(task, rows, { ...base, message: refusal.message })));
  }
  for (const { table, assignments, rows } of task.marks) {
    const refusal = ofUpdate(task, table.id, [...assignments.keys()]);
    if (!refusal) continue;
    const base = { relation: table.id, table, action: "soft delete", cause: null };
    out.push(...(await refused(task, rows, { ...base, message: refusal.message })));
  }
  return out;
}

/** Constraints whose actions the engine runs when rows of the table change. */
const actingOn = ({ scope }: BlockerTask, table: TableId): readonly Relation[] =>
  scope.declared.filter((r) => r.parent === table && r.enforced);

const isSet = (action: string): boolean => action.startsWith("set ");

const ofDelete = (task: BlockerTask, table: TableId): Refusal | undefined =>
  refusalsOf(task, table).find((r) => r.statement === "delete");

const ofUpdate = (task: BlockerTask, table: TableId, columns: readonly string[]): Refusal | undefined =>
  columns.length === 0
    ? undefined
    : refusalsOf(task, table).find(
        (r) => r.statement === "update" && (r.columns?.some((c) => columns.includes(c)) ?? true),
      );

/** A statement on a partitioned table is one on all of its partitions. */
const refusalsOf = ({ scope }: BlockerTask, table: TableId): readonly Refusal[] =>
  scope.model.tables
    .filter((t) => t.id === table || t.partitionOf === table)
    .flatMap((t) => t.refusals ?? []);

const refused = (
  task: BlockerTask,
  set: RowSet,
  draft: Omit<BlockerDraft, "reason" | "select" | "uses">,
): Promise<readonly BlockerFound[]> =>
  found(task, { ...draft, reason: "check", select: keysOfSet(set), uses: [set] });
