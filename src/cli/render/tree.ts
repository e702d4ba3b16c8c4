import type { Plan, PlannedDelete } from "../../index.ts";

/** One line of the tree of tables that lose rows. */
export interface TreeLine {
  /** The lines that lead here, e.g. `│  └─ `. */
  readonly branch: string;
  readonly table: string;
  /** The relations that lead from the table above into this one; empty for the root. */
  readonly relations: readonly string[];
  /** False where the table's rows are shown on another line. */
  readonly first: boolean;
}

/** The table that loses the root rows: of a target in a partition the partitioned one. */
export const rootTable = ({ target, deletes }: Pick<Plan, "target" | "deletes">): string =>
  deletes.find((d) => d.depth === 0)?.table ?? target.table;

/**
 * The tables of a plan as a tree from the root's table down. Every table has its rows on one line, under the parent by
 * which it is reached soonest; each other parent shows it by reference. Children come in the order of the plan.
 */
export function planTree(plan: Pick<Plan, "target" | "deletes">): readonly TreeLine[] {
  const edges = plan.deletes.flatMap((child) => edgesInto(child, plan.deletes));
  const root = rootTable(plan);
  const home = homes(root, edges);
  const lines: TreeLine[] = [];
  const visit = (table: string, above: string) => {
    const children = childrenOf(table, edges);
    for (const [index, { child, relations }] of children.entries()) {
      const last = index === children.length - 1;
      const first = home.get(child) === table;
      lines.push({ branch: `${above}${last ? "└─ " : "├─ "}`, table: child, relations, first });
      if (first) visit(child, `${above}${last ? "   " : "│  "}`);
    }
  };
  lines.push({ branch: "", table: root, relations: [], first: true });
  visit(root, "");
  return lines;
}

interface Edge {
  readonly parent: string;
  readonly child: string;
  readonly relation: string;
}

function edgesInto(child: PlannedDelete, deletes: readonly PlannedDelete[]): readonly Edge[] {
  return child.relations.flatMap((relation) => {
    const parent = parentOf(relation, child.table, deletes);
    return parent === null ? [] : [{ parent, child: child.table, relation }];
  });
}

/** A relation's id ends in `-> parent(columns)`; of two tables that fit, the longer name is the one that is written. */
function parentOf(relation: string, child: string, deletes: readonly PlannedDelete[]): string | null {
  const fits = deletes
    .map((d) => d.table)
    .filter((table) => relation.startsWith(child) && relation.includes(`) -> ${table}(`))
    .sort((a, b) => b.length - a.length);
  return fits[0] ?? null;
}

/** For every table the parent under which its rows are shown: breadth first, so the nearest one. */
function homes(root: string, edges: readonly Edge[]): ReadonlyMap<string, string | null> {
  const home = new Map<string, string | null>([[root, null]]);
  for (const table of home.keys()) {
    for (const { parent, child } of edges) if (parent === table && !home.has(child)) home.set(child, table);
  }
  return home;
}

function childrenOf(table: string, edges: readonly Edge[]) {
  const byChild = Map.groupBy(
    edges.filter((edge) => edge.parent === table),
    (edge) => edge.child,
  );
  return [...byChild].map(([child, group]) => ({ child, relations: group.map((edge) => edge.relation) }));
}

/**
 * How a relation's id says that its child refers to its parent: `runs(workflow_id) -> workflow(uid)` gives
 * `workflow_id`, `award[type=person](object_id) -> person(id)` gives `object_id where type=person`.
 */
export function referenceOf(relation: string, child: string): string {
  const text = relation.slice(child.length, relation.lastIndexOf(") -> "));
  if (!text.startsWith("[")) return text.slice(1);
  const end = text.lastIndexOf("](");
  return `${text.slice(end + 2)} where ${text.slice(1, end)}`;
}
