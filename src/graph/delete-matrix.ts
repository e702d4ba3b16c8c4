import type { Unmarked } from "../model/marker.ts";
import { CELL_EFFECTS, type Cell, type CellEffect, type Matrix } from "../model/matrix.ts";
import type { NativeVerdict } from "../model/plan.ts";
import { columnsSetBy, type Relation, writtenOnDelete } from "../model/relation.ts";
import { columnOf, type Table, type TableId } from "../model/table.ts";
import { type Reach, reachOf } from "./reach.ts";
import { RelationGraph } from "./relation-graph.ts";

/** What a matrix is foretold from. */
export interface MatrixTask {
  readonly tables: readonly Table[];
  /** The relations that the delete follows: constraints alone for a bare DELETE, with the policy for ondelete. */
  readonly relations: readonly Relation[];
  /** What a soft delete does with rows of a table: it marks them, or what the policy says; absent for a hard delete. */
  readonly soft?: (table: Table) => "mark" | Unmarked;
  /**
   * What the engine does about a RESTRICT or NO ACTION between rows that both go, whose depths differ so; `several`
   * where more than one row of the child may go, so that a row of a table that references itself need not be its own parent.
   */
  readonly inner: (relation: Relation, differences: readonly number[], several: boolean) => NativeVerdict;
}

/** Above so many cells those that are only `kept` are left out. */
const EVERY_CELL = 10_000;

const KEPT: Cell = { effect: ["kept"], by: null, via: [], columns: [] };

/** The delete matrix of a schema: every table that is referenced against every table that has a relation. */
export function deleteMatrix(task: MatrixTask): Matrix {
  const relations = new RelationGraph(task.relations);
  const parents = relations.parents;
  const children = relations.tables;
  const tables = new Map(task.tables.map((t) => [t.id, t]));
  const rows = new Map<TableId, Map<TableId, Cell>>(children.map((c) => [c, new Map()]));
  for (const parent of parents) {
    const column = columnOfMatrix({ ...task, byId: tables, by: relations }, parent);
    for (const [child, cell] of column) rows.get(child)?.set(parent, cell);
  }
  const all = children.length * parents.length <= EVERY_CELL;
  const cells = children.map((child) => {
    const found = rows.get(child) ?? new Map<TableId, Cell>();
    const shown = all ? parents : parents.filter((p) => found.has(p));
    return [child, Object.fromEntries(shown.map((p) => [p, found.get(p) ?? KEPT]))] as const;
  });
  return { parents, children, cells: Object.fromEntries(cells) };
}

/** The cell of a matrix, also where it was left out. */
export const cellOf = (matrix: Matrix, child: TableId, parent: TableId): Cell =>
  matrix.cells[child]?.[parent] ?? KEPT;

interface Task extends MatrixTask {
  readonly byId: ReadonlyMap<TableId, Table>;
  readonly by: RelationGraph;
}

/** One thing that happens to rows of a child, by one relation. */
export interface Happening {
  readonly effect: CellEffect;
  readonly by: "database" | "application" | "nobody";
  readonly relation: Relation;
  /** One way from the parent that is deleted to the child, the relation last. */
  readonly chain: readonly Relation[];
  readonly columns: readonly string[];
  readonly qualifier?: CellEffect;
}

/** All that a delete from any one table does to others, sorted by the child and the relation. */
export function happeningsBy(task: MatrixTask): (parent: TableId) => readonly Happening[] {
  const whole = {
    ...task,
    byId: new Map(task.tables.map((t) => [t.id, t])),
    by: new RelationGraph(task.relations),
  };
  const key = ({ relation }: Happening) => `${relation.child}\u0000${relation.id}`;
  return (parent) => happeningsOf(whole, parent).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What happens to every child, without those to which nothing does. */
function columnOfMatrix(task: Task, parent: TableId): ReadonlyMap<TableId, Cell> {
  const byChild = Map.groupBy(happeningsOf(task, parent), (h) => h.relation.child);
  return new Map(
    [...byChild].map(([child, found]) => [child, cellFrom(found, task.byId.get(child))] as const),
  );
}

function happeningsOf(task: Task, parent: TableId): readonly Happening[] {
  const reach = reachOf(task.by, parent);
  const happenings: Happening[] = [];
  for (const from of reach.keys()) {
    for (const relation of task.by.into(from)) {
      const found = happening(task, reach, relation);
      if (found) happenings.push(found);
    }
  }
  return [...happenings, ...spread(task, happenings)];
}

function happening(task: Task, reach: Reach, relation: Relation): Happening | null {
  const child = task.byId.get(relation.child);
  const parent = task.byId.get(relation.parent);
  const from = reach.get(relation.parent);
  if (!child || !parent || !from) return null;
  const by = weakest(from.by, doneBy(relation));
  const made = { by, relation, chain: [...from.path, relation], columns: [] };
  if (relation.onDelete === "cascade") {
    const handled = task.soft?.(child) ?? "delete";
    if (handled === "keep") return null;
    const effect = handled === "mark" ? "soft-deleted" : handled === "block" ? "blocks" : "deleted";
    return { ...made, effect };
  }
  if (relation.onDelete === "restrict" || relation.onDelete === "no action")
    return { ...made, effect: "blocks", ...innerQualifier(task, reach, relation) };
  // A row that is only marked is still there to be referenced.
  if (task.soft && task.soft(parent) !== "archive") return null;
  const written = writtenOnDelete(child, relation);
  const refused = written.some((w) => w.toNull && !columnOf(child, w.name).nullable);
  const qualifier = refused && reach.has(child.id) ? { qualifier: "order-dependent" as const } : {};
  if (refused) return { ...made, effect: "blocks", ...qualifier };
  const effect = relation.onDelete === "set null" ? "set null" : "set default";
  return { ...made, effect, columns: columnsSetBy(relation) };
}

/** Whether constraint order decides what a bare DELETE does about rows that both go. */
function innerQualifier({ inner }: Task, reach: Reach, relation: Relation): Partial<Happening> {
  const [child, parent] = [reach.get(relation.child), reach.get(relation.parent)];
  if (!child || !parent || !relation.enforced || relation.enforcedBy !== "database") return {};
  const differences = [...child.depths].flatMap((c) => [...parent.depths].map((p) => c - p));
  const verdict = inner(
    relation,
    [...new Set(differences)].sort((a, b) => a - b),
    [...child.depths].some((depth) => depth > 0),
  );
  return verdict === "order-dependent" ? { qualifier: "order-dependent" } : {};
}

/** Nulls and defaults that are passed on, or refused, by relations that reference the columns that get them. */
function spread(task: Task, begun: readonly Happening[]): readonly Happening[] {
  const out: Happening[] = [];
  const seen = new Set<string>();
  let open = begun.filter((h) => written(h).length > 0);
  while (open.length > 0) {
    const next = open.flatMap((cause) =>
      task.by
        .into(cause.relation.child)
        .filter((r) => r.parentColumns.some((c) => written(cause).includes(c)))
        .flatMap((relation) => passedOn(cause, relation, task.byId.get(relation.child))),
    );
    open = next.filter((h) => !seen.has(h.relation.id));
    for (const h of open) seen.add(h.relation.id);
    out.push(...open);
  }
  return out;
}

/** The columns that are set, or would be if they could: what refuses a change refuses it in either case. */
const written = ({ effect, relation, columns }: Happening): readonly string[] =>
  effect === "blocks" && relation.onDelete.startsWith("set ") ? columnsSetBy(relation) : columns;

function passedOn(cause: Happening, relation: Relation, child: Table | undefined): readonly Happening[] {
  const by = weakest(cause.by, doneBy(relation));
  const chain = [...cause.chain, relation];
  if (relation.onUpdate === "restrict" || relation.onUpdate === "no action")
    return [{ effect: "blocks", by, relation, chain, columns: [] }];
  if (cause.effect === "blocks") return [];
  const effect = relation.onUpdate === "cascade" ? cause.effect : relation.onUpdate;
  const columns =
    relation.onUpdate === "cascade"
      ? relation.columns.filter((_, i) => cause.columns.includes(relation.parentColumns[i] ?? ""))
      : relation.columns;
  if (effect === "set null" && child && columns.some((c) => !columnOf(child, c).nullable))
    return [{ effect: "blocks", by, relation, chain, columns: [] }];
  return [{ effect, by, relation, chain, columns }];
}

const STRENGTH = ["database", "application", "nobody"] as const;

const weakest = (a: Happening["by"], b: Happening["by"]): Happening["by"] =>
  STRENGTH.indexOf(a) > STRENGTH.indexOf(b) ? a : b;

/** Who carries a relation's action out. */
export function doneBy(relation: Relation): Happening["by"] {
  if (relation.enforcedBy !== "database") return relation.enforcedBy;
  return relation.enforced ? "database" : "nobody";
}

/** All that happens to a child as one cell: of each effect the strongest hand, of the cell the weakest. */
function cellFrom(happenings: readonly Happening[], child: Table | undefined): Cell {
  const byEffect = Map.groupBy(happenings, (h) => h.effect);
  const hands = [...byEffect.values()].map(
    (group) => STRENGTH.find((by) => group.some((h) => h.by === by)) ?? "database",
  );
  const by = hands.reduce(weakest);
  const effects = new Set<CellEffect>([
    ...byEffect.keys(),
    ...happenings.flatMap((h) => h.qualifier ?? []),
    ...conflicting(happenings),
    ...(byEffect.size > 1 ? (["data-dependent"] as const) : []),
    ...(happenings.some((h) => doneBy(h.relation) === "nobody") ? (["unenforced"] as const) : []),
  ]);
  const columns = new Set(happenings.flatMap((h) => h.columns));
  return {
    effect: CELL_EFFECTS.filter((e) => effects.has(e)),
    by,
    via: [...new Set(happenings.map((h) => h.relation.id))].sort(),
    columns: (child?.columns ?? []).map((c) => c.name).filter((c) => columns.has(c)),
  };
}

/** Constraints on the same columns that do different things: which of them the engine runs first decides. */
function conflicting(happenings: readonly Happening[]): readonly CellEffect[] {
  const enforced = happenings.filter((h) => doneBy(h.relation) === "database");
  const groups = Map.groupBy(enforced, ({ relation: r }) =>
    JSON.stringify([r.child, r.parent, r.columns.map((c, i) => [c, r.parentColumns[i]]).sort()]),
  );
  return [...groups.values()].some((g) => new Set(g.map((h) => h.effect)).size > 1)
    ? ["order-dependent"]
    : [];
}
