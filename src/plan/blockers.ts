import { columnsOf, sameKey } from "../dialect/row-set.ts";
import { join, sql } from "../dialect/sql.ts";
import { tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import { outside } from "./effects.ts";
import { failingUpdates } from "./failing-updates.ts";
import { type BlockerFound, type BlockerTask, found, originOf } from "./found.ts";
import { missingPrivileges } from "./privileges.ts";
import { refusedStatements } from "./refused-statements.ts";
import { requiredCycles } from "./required-cycles.ts";
import { keysOfSet, namingColumns } from "./sample.ts";
import { relationsInto } from "./scope.ts";

/** Everything that keeps the closure from being deleted; effects that would fail are among them. */
export async function blockersOf(task: BlockerTask): Promise<readonly BlockerFound[]> {
  return [
    ...(await protectedTables(task)),
    ...(await missingPrivileges(task)),
    ...(await refusedStatements(task)),
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
