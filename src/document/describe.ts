import type { Engine } from "../dialect/engine.ts";
import { matrixOf, matrixTask } from "../dialect/matrix-of.ts";
import { cellOf, happeningsBy } from "../graph/delete-matrix.ts";
import type { Deletion, Documentation, DocumentedRelation, DocumentedTable } from "../model/documentation.ts";
import type { Matrix } from "../model/matrix.ts";
import type { Model } from "../model/model.ts";
import { markerOf, type Policy } from "../model/policy.ts";
import type { TableId } from "../model/table.ts";
import { relationsShown } from "../model/with-policy.ts";
import { notesOn } from "./notes.ts";

export interface DocumentTask {
  readonly engine: Pick<Engine, "info" | "innerVerdict">;
  readonly model: Model;
  readonly policy: Policy;
  /** The tables that are to be shown, in this order; what happens by way of others is told all the same. */
  readonly shown: ReadonlySet<TableId>;
}

/** Tables, relations, and what deletes do, as data for every format. */
export function describeDatabase(task: DocumentTask): Documentation {
  const { engine, model, policy, shown } = task;
  const tables = inOrder(shown, model.tables, (t) => t.id).map((t) => documented(t, policy));
  const matrix = acting(limited(matrixOf(task, "hard"), shown));
  const marked = new Set(tables.filter((t) => t.softDelete).map((t) => t.id));
  const facts = {
    tables,
    relations: relationsOf(task),
    deletions: deletionsOf(task, matrix.parents),
    soft: marked.size > 0 ? limited(matrixOf(task, "soft"), shown, marked) : null,
    ...matrix,
  };
  return { ondelete: "1", kind: "matrix", engine: engine.info, ...facts, notes: notesOn(task, facts) };
}

function documented(table: Model["tables"][number], policy: Policy): DocumentedTable {
  const { id, columns, primaryKey, uniqueKeys, indexes, triggers, kind, partitionOf } = table;
  const softDelete = markerOf(table, policy);
  return { id, columns, primaryKey, uniqueKeys, indexes, triggers, kind, partitionOf, softDelete };
}

function relationsOf({ model, policy, shown }: DocumentTask): readonly DocumentedRelation[] {
  const constraints = new Map(model.relations.map((r) => [r.id, r.onDelete]));
  return relationsShown(model, policy)
    .filter((r) => shown.has(r.child) && shown.has(r.parent))
    .map((r) => ({ ...r, constraint: constraints.get(r.id) ?? null }));
}

function deletionsOf(task: DocumentTask, parents: readonly TableId[]): readonly Deletion[] {
  const happenings = happeningsBy(matrixTask(task, "hard"));
  return parents.map((table) => ({
    table,
    consequences: happenings(table)
      .filter((h) => task.shown.has(h.relation.child))
      .map(({ relation, effect, by, columns, chain }) => ({
        table: relation.child,
        effect,
        by,
        columns,
        relation: relation.id,
        chain: [table, ...chain.map((r) => r.child)],
      })),
  }));
}

/** The matrix without tables that are not shown; of `parents` alone where these are given. */
function limited(matrix: Matrix, shown: ReadonlySet<TableId>, parents = shown): Matrix {
  const kept = inOrder(shown, matrix.parents).filter((p) => parents.has(p));
  const children = inOrder(shown, matrix.children);
  const cells = children.map((child) => {
    const row = Object.entries(matrix.cells[child] ?? {}).filter(([p]) => shown.has(p) && parents.has(p));
    return [child, Object.fromEntries(row)] as const;
  });
  return { parents: kept, children, cells: Object.fromEntries(cells) };
}

/** Without parents whose deletion does nothing to any child that is there. */
function acting(matrix: Matrix): Matrix {
  const acts = (parent: TableId) =>
    matrix.children.some((child) => cellOf(matrix, child, parent).by !== null);
  return { ...matrix, parents: matrix.parents.filter(acts) };
}

/** Those of a list that are to be shown, in the order in which they are. */
function inOrder<T>(
  shown: ReadonlySet<TableId>,
  list: readonly T[],
  idOf: (one: T) => TableId = String,
): readonly T[] {
  const byId = new Map(list.map((one) => [idOf(one), one]));
  return [...shown].flatMap((id) => byId.get(id) ?? []);
}
