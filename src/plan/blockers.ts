import { type Effect, writtenBy } from "../dialect/planned.ts";
import { columnsOf, type RowSet, sameKey } from "../dialect/row-set.ts";
import { join, sql } from "../dialect/sql.ts";
import { mayCollide, mentions } from "../model/guards.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Table } from "../model/table.ts";
import { byTable, outside } from "./effects.ts";
import { type BlockerFound, type BlockerTask, found } from "./found.ts";
import { checkFailures, type Images, imagesOf, missingParents, uniqueFailures } from "./images.ts";
import { requiredCycles } from "./required-cycles.ts";
import { keysOfSet, namingColumns } from "./sample.ts";
import { relationsInto } from "./scope.ts";

/** Everything that keeps the closure from being deleted; effects that would fail are among them. */
export async function blockersOf(task: BlockerTask): Promise<readonly BlockerFound[]> {
  return [
    ...(await protectedTables(task)),
    ...(await missingPrivileges(task)),
    ...(await refusingChildren(task)),
    ...(await refusedSpreads(task)),
    ...(await failingUpdates(task)),
    ...(await requiredCycles(task)),
  ];
}

async function refusingChildren(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const relation of relationsInto(task.scope, "restrict", "no action")) {
    const parent = task.closure.tables.get(relation.parent)?.set;
    if (!parent) continue;
    const table = tableOf(task.scope.model, relation.child);
    const { select, uses } = outside(task, relation, parent);
    const message = `Rows of ${relation.child} reference ${relation.parent} by ${named(relation)} (${relation.onDelete}).`;
    const reason = relation.onDelete === "restrict" ? "restrict" : "no-action";
    out.push(
      ...(await found(task, {
        relation: relation.id,
        table,
        action: relation.onDelete,
        reason,
        message,
        select: select(columnsOf("c", namingColumns(table))),
        uses,
        cause: { relation, rows: null },
      })),
    );
  }
  return out;
}

/** Several effects may change what one row references; the row refuses once. */
async function refusedSpreads(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const spreads of Map.groupBy(task.effects.refused, (r) => r.relation.id).values()) {
    const [first] = spreads;
    if (!first) continue;
    const { relation, cause } = first;
    const table = tableOf(task.scope.model, relation.child);
    const message = `Rows of ${relation.child} reference values of ${relation.parent} that ${cause.relation.id} would change, by ${named(relation)} (on update ${relation.onUpdate}).`;
    const reason = relation.onUpdate === "restrict" ? "restrict" : "no-action";
    const select = join(
      spreads.map((s) => s.rows),
      " union ",
    );
    const uses = spreads.flatMap((s) => s.uses);
    out.push(
      ...(await found(task, {
        relation: relation.id,
        table,
        action: relation.onUpdate,
        reason,
        message,
        select,
        uses,
        cause: originOf(cause),
      })),
    );
  }
  return out;
}

async function failingUpdates(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const effects of byTable(task.effects.effects).values()) {
    const table = effects[0]?.table;
    if (!table) continue;
    const images = imagesOf(table, effects, task.scope.engine.syntax.rows(table));
    for (const effect of effects) out.push(...(await failuresOf(task, images, effect)));
  }
  return out;
}

async function failuresOf(
  task: BlockerTask,
  images: Images,
  effect: Effect,
): Promise<readonly BlockerFound[]> {
  const { scope, closure } = task;
  const base = {
    relation: effect.relation.id,
    table: effect.table,
    action: effect.relation.onDelete,
    cause: originOf(effect),
  };
  const required = requiredNull(effect);
  if (required) {
    const message = `Column ${required} of ${effect.table.id} would be set to null and is NOT NULL.`;
    return found(task, {
      ...base,
      reason: "not-null",
      message,
      select: keysOfSet(effect.rows),
      uses: [effect.rows],
    });
  }
  const all = [...images.uses, ...[...closure.tables.values()].map((t) => t.set)];
  const missing = missingParents(scope, images, effect, closure);
  if (missing) {
    const message = `The default of ${[...effect.assignments.keys()].join(", ")} in ${effect.table.id} references no row that stays.`;
    const out = await found(task, {
      ...base,
      reason: "default-missing",
      message,
      select: missing,
      uses: all,
    });
    if (out.length > 0) return out;
  }
  const changed = writtenBy(effect).map((w) => w.name);
  for (const check of effect.table.checks.filter(
    (c) => c.enforced && changed.some((column) => mentions(c.expression, column)),
  )) {
    const message = `The new values of ${effect.table.id} violate CHECK ${check.name ?? ""} (${check.expression}).`;
    const out = await found(task, {
      ...base,
      reason: "check",
      message,
      select: checkFailures(scope, images, check),
      uses: all,
    });
    if (out.length > 0) return out;
  }
  for (const index of effect.table.indexes.filter((i) => writtenBy(effect).some((w) => mayCollide(i, w)))) {
    const message = `The new values of ${effect.table.id} would not be unique in ${index.name}.`;
    const out = await found(task, {
      ...base,
      reason: "unique",
      message,
      select: uniqueFailures(scope, images, index, closure),
      uses: all,
    });
    if (out.length > 0) return out;
  }
  return [];
}

function requiredNull(effect: Effect): string | null {
  for (const [name, assignment] of effect.assignments) {
    if (assignment.kind === "null" && !columnOf(effect.table, name).nullable) return name;
  }
  return null;
}

async function protectedTables(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { scope, closure } = task;
  const isProtected = (table: Table) => scope.policy.tables[table.id]?.protected === true;
  const out: BlockerFound[] = [];
  for (const { table, set } of closure.tables.values()) {
    const partitions = scope.model.tables.filter((t) => t.partitionOf === table.id && isProtected(t));
    const selects = [
      ...(isProtected(table) ? [{ name: table.id, select: keysOfSet(set) }] : []),
      ...partitions.map((p) => ({
        name: p.id,
        select: sql`${keysOfSet(set)} join ${scope.engine.syntax.rows(p)} as part on ${sameKey("part", "s", set.key)}`,
      })),
    ];
    for (const { name, select } of selects) {
      const message = `Table ${name} is protected by the configuration.`;
      out.push(
        ...(await found(task, {
          relation: name,
          table,
          action: "protected",
          reason: "protected",
          message,
          select,
          uses: [set],
          cause: null,
        })),
      );
    }
  }
  return out;
}

async function missingPrivileges(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { engine } = task.scope;
  const wanted = rightsWanted(task);
  const missing = await engine.missingPrivileges(
    task.reader.tx,
    wanted.map(({ right, set }) => ({ table: set.table.id, right })),
  );
  const out: BlockerFound[] = [];
  for (const { right, set, purpose } of wanted) {
    if (!missing.some((m) => m.table === set.table.id && m.right === right)) continue;
    // One missing right of a table is enough to know.
    if (out.some((b) => b.blocker.table === set.table.id)) continue;
    const message = `The connected role may not ${purpose} rows of ${set.table.id}${purpose === right ? "" : `, which takes ${right.toUpperCase()}`}.`;
    out.push(
      ...(await found(task, {
        relation: set.table.id,
        table: set.table,
        action: right,
        reason: "privilege",
        message,
        select: keysOfSet(set),
        uses: [set],
        cause: null,
      })),
    );
  }
  return out;
}

interface RightWanted {
  readonly right: "delete" | "update";
  readonly purpose: "delete" | "update" | "lock";
  readonly set: RowSet;
}

function rightsWanted({ scope, closure, effects }: BlockerTask): readonly RightWanted[] {
  const deleted = [...closure.tables.values()];
  const locks = scope.engine.capabilities.locksTakeUpdate ? deleted : [];
  return [
    ...deleted.map(({ set }) => ({ right: "delete", purpose: "delete", set }) as const),
    ...locks.map(({ set }) => ({ right: "update", purpose: "lock", set }) as const),
    ...effects.effects.map((e) => ({ right: "update", purpose: "update", set: e.rows }) as const),
  ];
}

/** The deleted rows that an effect goes back to. */
function originOf(effect: Effect): BlockerFound["cause"] {
  return effect.cause ? originOf(effect.cause) : { relation: effect.relation, rows: effect.rows };
}

const named = (relation: Relation): string =>
  relation.name ? `constraint ${relation.name}` : `relation ${relation.id}`;
