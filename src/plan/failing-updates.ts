import { type Change, type Effect, writtenBy } from "../dialect/planned.ts";
import type { RowSet } from "../dialect/row-set.ts";
import type { Sql } from "../dialect/sql.ts";
import { mayCollide, mentions } from "../model/guards.ts";
import type { BlockReason } from "../model/plan.ts";
import { columnOf } from "../model/table.ts";
import { byTable } from "./effects.ts";
import { type BlockerDraft, type BlockerFound, type BlockerTask, found, originOf } from "./found.ts";
import {
  checkFailures,
  halfReferences,
  type Images,
  imagesOf,
  missingParents,
  nullFailures,
  uniqueFailures,
} from "./images.ts";
import { keysOfSet } from "./sample.ts";

/** Updates that the engine would refuse, each for the first reason that is found. */
export async function failingUpdates(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  const effects = byTable(task.effects.effects);
  const tables = new Map([...task.effects.effects, ...task.marks].map(({ table }) => [table.id, table]));
  for (const table of tables.values()) {
    const own = effects.get(table.id) ?? [];
    const marks = task.marks.filter((m) => m.table === table);
    const images = imagesOf(task.scope.engine.syntax, table, [...own, ...marks]);
    for (const effect of own) out.push(...(await refusedEffect(task, images, effect)));
    for (const mark of marks) out.push(...(await refusedMark(task, images, mark)));
  }
  return out;
}

/** One thing that may refuse the new values, and the rows of which it would. */
interface Doubt {
  readonly reason: BlockReason;
  readonly message: string;
  readonly select: Sql;
  readonly uses: readonly RowSet[];
}

const refusedEffect = (task: BlockerTask, images: Images, effect: Effect) =>
  firstOf(
    task,
    {
      relation: effect.relation.id,
      table: effect.table,
      action: effect.relation.onDelete,
      cause: originOf(effect),
    },
    [
      ...nulls(images, effect),
      ...references(task, images, effect),
      ...checks(task, images, effect),
      ...collisions(task, images, effect),
    ],
  );

const refusedMark = (task: BlockerTask, images: Images, mark: Change) =>
  firstOf(task, { relation: mark.table.id, table: mark.table, action: "soft delete", cause: null }, [
    ...checks(task, images, mark),
    ...collisions(task, images, mark),
  ]);

async function firstOf(
  task: BlockerTask,
  base: Pick<BlockerDraft, "relation" | "table" | "action" | "cause">,
  doubts: readonly Doubt[],
): Promise<readonly BlockerFound[]> {
  for (const doubt of doubts) {
    const uses = [...doubt.uses, ...[...task.closure.tables.values()].map((t) => t.set)];
    const out = await found(task, { ...base, ...doubt, uses });
    if (out.length > 0) return out;
  }
  return [];
}

function nulls(images: Images, effect: Effect): readonly Doubt[] {
  const required = writtenBy(effect).filter((w) => !columnOf(effect.table, w.name).nullable);
  const doubt = (name: string, select: Sql): Doubt => ({
    reason: "not-null",
    message: `Column ${name} of ${effect.table.id} would be set to null and is NOT NULL.`,
    select,
    uses: images.uses,
  });
  const sure = required.find((w) => w.toNull);
  if (sure) return [doubt(sure.name, keysOfSet(effect.rows))];
  return required.map(({ name }) => doubt(name, nullFailures(images, effect, name)));
}

function references({ scope, closure }: BlockerTask, images: Images, effect: Effect): readonly Doubt[] {
  const halves = halfReferences(scope, images, effect).map(
    ({ relation, select }): Doubt => ({
      reason: "check",
      message: `${relation.id} is MATCH FULL, and some but not all of its columns would be null in ${effect.table.id}.`,
      select,
      uses: images.uses,
    }),
  );
  const missing = missingParents(scope, images, effect, closure);
  if (!missing) return halves;
  const message = `The default of ${[...effect.assignments.keys()].join(", ")} in ${effect.table.id} references no row that stays.`;
  return [...halves, { reason: "default-missing", message, select: missing, uses: images.uses }];
}

/** An update checks the whole row, so that a CHECK which old rows may violate counts whatever is written. */
function checks({ scope }: BlockerTask, images: Images, change: Change): readonly Doubt[] {
  const changed = writtenBy(change).map((w) => w.name);
  return change.table.checks
    .filter((c) => c.enforced && (c.unvalidated || changed.some((column) => mentions(c.expression, column))))
    .map((check) => ({
      reason: "check",
      message: `The new values of ${change.table.id} violate CHECK ${check.name ?? ""} (${check.expression}).`,
      select: checkFailures(scope, images, change, check),
      uses: images.uses,
    }));
}

function collisions(task: BlockerTask, images: Images, change: Change): readonly Doubt[] {
  return change.table.indexes
    .filter((i) => writtenBy(change).some((w) => mayCollide(i, w)))
    .map((index) => ({
      reason: "unique",
      message: index.operators
        ? `The new values of ${change.table.id} would conflict with another row by ${index.name}, which keeps rows apart (exclusion constraint or operator class).`
        : `The new values of ${change.table.id} would not be unique in ${index.name}.`,
      select: uniqueFailures(task, images, change, index),
      uses: images.uses,
    }));
}
