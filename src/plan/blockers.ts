import { inSet } from "../dialect/change.ts";
import { isLive } from "../dialect/marker.ts";
import { columnsOf, sameKey } from "../dialect/row-set.ts";
import { id, join, list, raw, type Sql, sql } from "../dialect/sql.ts";
import { tableOf } from "../model/model.ts";
import { markerOf } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import { outside } from "./effects.ts";
import { failingUpdates } from "./failing-updates.ts";
import { type BlockerFound, type BlockerTask, found, originOf } from "./found.ts";
import { rowsWithin } from "./inner.ts";
import { missingPrivileges } from "./privileges.ts";
import { refusedStatements } from "./refused-statements.ts";
import { requiredCycles } from "./required-cycles.ts";
import { keysOfSet, namingColumns } from "./sample.ts";
import { relationsInto, type Scope } from "./scope.ts";
import { handled } from "./soft.ts";

/** Everything that keeps the closure from being deleted; effects that would fail are among them. */
export async function blockersOf(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const removing = { ...task, closure: task.removed };
  return [
    ...(await protectedTables(task)),
    ...(await heldRows(removing)),
    ...(await liveRows(removing)),
    ...(await unmarkable(task)),
    ...(await missingPrivileges(task)),
    ...(await refusedStatements(removing)),
    ...(await refusingChildren(task)),
    ...(await leftBehind(task)),
    ...(await refusedSpreads(task)),
    ...(await failingUpdates(removing)),
    ...(await requiredCycles(removing)),
  ];
}

/** Rows that a legal hold keeps. */
async function heldRows(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { scope, closure } = task;
  const out: BlockerFound[] = [];
  for (const { table, set } of closure.tables.values()) {
    const hold = scope.policy.tables[table.id]?.legalHold;
    if (hold === undefined) continue;
    const key = list(set.key.map((c) => id(table.name, c)));
    const held = sql`select ${key} from ${scope.engine.syntax.rows(table)} where ${inSet(set)} and (\n${raw(hold === true ? "1 = 1" : hold)}\n)`;
    out.push(
      ...(await found(task, {
        relation: table.id,
        table,
        action: "legal hold",
        reason: "protected",
        message: `Rows of ${table.id} are under a legal hold${hold === true ? "" : ` (${hold})`}.`,
        select: hold === true ? keysOfSet(set) : held,
        uses: [set],
        cause: null,
        holds: "rows",
      })),
    );
  }
  return out;
}

/** Rows that are not deleted softly, where a purge is to take no others. */
async function liveRows(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { scope, closure } = task;
  const out: BlockerFound[] = [];
  for (const { table, set } of scope.sparesLive ? closure.tables.values() : []) {
    const marker = markerOf(table, scope.policy);
    if (!marker) continue;
    const rows = sql`${set.from} as s ${scope.engine.syntax.drivenJoin} ${scope.engine.syntax.rows(table)} as t on ${sameKey("s", "t", set.key)}`;
    out.push(
      ...(await found(task, {
        relation: table.id,
        table,
        action: "purge",
        reason: "protected",
        message: `Rows of ${table.id} are not deleted softly, and would go with the purged ones.`,
        select: sql`select ${list(columnsOf("s", set.key))} from ${rows} where ${isLive("t", table, marker)}`,
        uses: [set],
        cause: null,
        holds: "rows",
      })),
    );
  }
  return out;
}

/** Rows that a soft delete can neither mark nor, by the policy, leave or archive. */
async function unmarkable(task: BlockerTask): Promise<readonly BlockerFound[]> {
  if (task.scope.mode === "hard") return [];
  const out: BlockerFound[] = [];
  for (const { table, set } of handled(task.scope, task.closure, "block")) {
    out.push(
      ...(await found(task, {
        relation: table.id,
        table,
        action: "soft delete",
        reason: "protected",
        message: `Table ${table.id} has no soft-delete marker, and the configuration says that its rows block a soft delete.`,
        select: keysOfSet(set),
        uses: [set],
        cause: null,
      })),
    );
  }
  return out;
}

/** Rows that a soft delete leaves in their table, and that reference rows which it moves to the archive. */
async function leftBehind(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const { scope, closure, removed } = task;
  if (scope.mode === "hard") return [];
  const out: BlockerFound[] = [];
  for (const relation of scope.followed.filter((r) => !r.onDelete.startsWith("set "))) {
    const child = closure.tables.get(relation.child);
    const parent = removed.tables.get(relation.parent);
    if (!child || !parent || removed.tables.has(relation.child)) continue;
    out.push(
      ...(await found(task, {
        relation: relation.id,
        table: child.table,
        action: relation.onDelete,
        reason: relation.onDelete === "restrict" ? "restrict" : "no-action",
        message: `Rows of ${relation.parent} would be moved to the archive, and rows of ${relation.child} that stay in their table reference them by ${named(relation)}.`,
        select: rowsWithin(scope, relation, child.set, parent.set),
        uses: [child.set, parent.set],
        cause: { relation, rows: child.set },
      })),
    );
  }
  return out;
}

async function refusingChildren(task: BlockerTask): Promise<readonly BlockerFound[]> {
  const out: BlockerFound[] = [];
  for (const relation of relationsInto(task.scope, "restrict", "no action")) {
    const parent = task.closure.tables.get(relation.parent)?.set;
    if (!parent) continue;
    const table = tableOf(task.scope.model, relation.child);
    const among = task.removed.tables.has(relation.parent) ? [] : liveOnly(task.scope, table);
    const { select, uses } = outside(task, relation, parent, [], among);
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

/** What is deleted softly already keeps no other row from it; from the archive it does, because its reference stays. */
function liveOnly(scope: Scope, table: Table): readonly Sql[] {
  const marker = scope.mode === "soft" ? markerOf(table, scope.policy) : null;
  return marker ? [isLive("c", table, marker)] : [];
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

const named = (relation: Relation): string =>
  relation.name ? `constraint ${relation.name}` : `relation ${relation.id}`;
