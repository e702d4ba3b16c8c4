import { references } from "../dialect/edge.ts";
import { isLive } from "../dialect/marker.ts";
import { sameKey } from "../dialect/row-set.ts";
import { allOf, anyOf, id, type Sql, sql } from "../dialect/sql.ts";
import type { ArchivePart } from "../journal/archive.ts";
import type { Marker } from "../model/marker.ts";
import { tableOf } from "../model/model.ts";
import { markerOf } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, type Table } from "../model/table.ts";
import { withPolicy } from "../model/with-policy.ts";
import { type ConflictFound, found, keysAs } from "./found.ts";
import { type RestoreTask, rowsOf } from "./task.ts";

/** Rows whose parent is not there and does not come back. */
export async function parentsGone(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const out: ConflictFound[] = [];
  for (const relation of task.model.relations.filter((r) => concerns(r, part) && isKnown(task, r, part))) {
    const parent = tableOf(task.model, relation.parent);
    const refs = references(task.engine.syntax, task.model, relation, { child: "d", parent: "p" });
    const complete = allOf(relation.columns.map((c) => sql`${id("d", c)} is not null`));
    const live = sql`not exists (select 1 from ${task.engine.syntax.rows(parent)} as p where ${refs})`;
    // Archived rows are in no partition until they are back.
    const returns = references(
      task.engine.syntax,
      task.model,
      { ...relation, parentPartition: null },
      { child: "d", parent: "p" },
    );
    const returning = task.parts
      .filter(
        (p) =>
          p.kind !== "after" &&
          p.table === relation.parent &&
          task.rows.has(p.part) &&
          holds(p, relation.parentColumns),
      )
      .map((p) => sql`not exists (select 1 from ${rowsOf(task, p).from} as p where ${returns})`);
    const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${allOf([complete, live, ...returning])}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that archived rows of ${part.table} reference are gone.`,
        relation,
      })),
    );
  }
  return out;
}

/**
 * Rows whose parent stays in the archive: by a relation that no constraint watches over, a parent that was not there
 * before is no conflict.
 */
export async function parentsLeftOut(
  task: RestoreTask,
  part: ArchivePart,
): Promise<readonly ConflictFound[]> {
  const { followed } = withPolicy(task.model, task.policy);
  const out: ConflictFound[] = [];
  for (const relation of followed.filter(
    (r) => !r.enforced && r.child === part.table && isKnown(task, r, part),
  )) {
    const { syntax } = task.engine;
    const refs = references(syntax, task.model, relation, { child: "d", parent: "p" });
    const left = [...task.archived].filter(
      ([number, set]) => set.table.id === relation.parent && set !== task.rows.get(number),
    );
    const among = (from: Sql) => sql`exists (select 1 from ${from} as p where ${refs})`;
    if (left.length === 0) continue;
    const was = anyOf(left.map(([, set]) => among(set.from)));
    const returns = task.parts.filter(
      (p) => p.kind === "deleted" && p.table === relation.parent && task.rows.has(p.part),
    );
    const there = [
      syntax.rows(tableOf(task.model, relation.parent)),
      ...returns.map((p) => rowsOf(task, p).from),
    ];
    const select = sql`select ${keysAs("d", part)} from ${rowsOf(task, part).from} as d where ${was} and ${allOf(there.map((from) => sql`not ${among(from)}`))}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that archived rows of ${part.table} reference stay in the archive.`,
        relation,
      })),
    );
  }
  return out;
}

/** Rows that would be live again below a parent that was deleted softly after them. */
export async function parentsHidden(task: RestoreTask, part: ArchivePart): Promise<readonly ConflictFound[]> {
  const table = tableOf(task.model, part.table);
  const own = markerOf(table, task.policy);
  if (part.relation !== null || !own || !part.written.includes(own.column)) return [];
  const { followed } = withPolicy(task.model, task.policy);
  const out: ConflictFound[] = [];
  for (const relation of followed.filter((r) => r.child === table.id && r.onDelete === "cascade")) {
    const parent = tableOf(task.model, relation.parent);
    const marker = markerOf(parent, task.policy);
    if (!marker) continue;
    const refs = references(task.engine.syntax, task.model, relation, { child: "t", parent: "p" });
    const back = task.parts
      .filter(
        (p) => p.kind === "before" && p.relation === null && p.table === parent.id && task.rows.has(p.part),
      )
      .map(
        (p) => sql`not exists (select 1 from ${rowsOf(task, p).from} as b where ${sameKey("b", "p", p.key)})`,
      );
    const hidden = sql`not (${isLive("p", parent, marker)})`;
    const from = sql`${rowsOf(task, part).from} as d join ${task.engine.syntax.rows(table)} as t on ${sameKey("t", "d", part.key)} join ${task.engine.syntax.rows(parent)} as p on ${refs}`;
    const select = sql`select ${keysAs("t", part)} from ${from} where ${allOf([hidden, ...later(table, parent, { own, marker }), ...back])}`;
    out.push(
      ...(await found(task, part, select, {
        kind: "parent-gone",
        object: relation.id,
        message: `Rows of ${relation.parent} that rows of ${part.table} reference were deleted softly since.`,
      })),
    );
  }
  return out;
}

/** A parent that was hidden before its child was is none of this restore's business; only times tell. */
function later(
  table: Table,
  parent: Table,
  { own, marker }: { readonly own: Marker; readonly marker: Marker },
): readonly Sql[] {
  const sameType = columnOf(table, own.column).type === columnOf(parent, marker.column).type;
  if (own.kind === "boolean" || own.kind !== marker.kind || !sameType) return [];
  return [sql`${id("p", marker.column)} >= ${id("t", own.column)}`];
}

/** Generated columns are not archived; what is computed from the restored rows, the engine checks itself. */
function isKnown(task: RestoreTask, relation: Relation, part: ArchivePart): boolean {
  const parents = task.parts.filter((p) => p.kind === "deleted" && p.table === relation.parent);
  return holds(part, relation.columns) && parents.every((p) => holds(p, relation.parentColumns));
}

const holds = (part: ArchivePart, columns: readonly string[]): boolean =>
  columns.every((c) => part.columns.includes(c));

function concerns(relation: Relation, part: ArchivePart): boolean {
  if (!relation.enforced || relation.child !== part.table) return false;
  return part.kind === "deleted" || relation.id === part.relation;
}
