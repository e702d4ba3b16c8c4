/** A directed edge from a parent to its child. */
export interface Edge<T> {
  readonly parent: T;
  readonly child: T;
}

/** Nodes that reach each other; a single node is a component of its own. */
export type Component = readonly string[];

/**
 * The strongly connected components of a graph, parents before children, components that have no order among
 * themselves by name; nodes within a component by name. Edges of a node to itself are ignored.
 *
 * @see Tarjan, "Depth-first search and linear graph algorithms" (1972); here without recursion, so that a chain of
 * thousands of tables does not exhaust the stack.
 */
export function parentsFirst(nodes: readonly string[], edges: readonly Edge<string>[]): readonly Component[] {
  const components = connected([...nodes].sort(), adjacency(nodes, edges));
  return sortComponents(components, edges);
}

/** Whether some node reaches itself, by an edge to itself or a longer way. */
export function hasCycle(nodes: readonly string[], edges: readonly Edge<string>[]): boolean {
  const inside = edges.filter((e) => nodes.includes(e.parent) && nodes.includes(e.child));
  return inside.some((e) => e.parent === e.child) || parentsFirst(nodes, inside).some((c) => c.length > 1);
}

/** The components of several nodes, which reach each other; sorted by their first node. Edges of a node to itself are ignored. */
export function circles(nodes: readonly string[], edges: readonly Edge<string>[]): readonly Component[] {
  const components = connected([...nodes].sort(), adjacency(nodes, edges));
  return components.filter((c) => c.length > 1).sort((a, b) => (first(a) < first(b) ? -1 : 1));
}

/** All nodes that can be reached from `start`, itself included, in breadth-first order. */
export function reachable(start: string, edges: readonly Edge<string>[]): readonly string[] {
  const seen = new Set([start]);
  for (const node of seen) {
    for (const e of edges) if (e.parent === node) seen.add(e.child);
  }
  return [...seen];
}

function adjacency(
  nodes: readonly string[],
  edges: readonly Edge<string>[],
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>(nodes.map((n) => [n, []]));
  for (const e of edges) if (e.parent !== e.child && out.has(e.child)) out.get(e.parent)?.push(e.child);
  for (const children of out.values()) children.sort();
  return out;
}

interface Visit {
  readonly node: string;
  next: number;
}

function connected(nodes: readonly string[], children: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const onStack = new Set<string>();
  const components: string[][] = [];
  const enter = (node: string): Visit => {
    index.set(node, index.size);
    low.set(node, index.size - 1);
    open.push(node);
    onStack.add(node);
    return { node, next: 0 };
  };
  const lower = (node: string, value: number) => low.set(node, Math.min(low.get(node) ?? value, value));
  const close = (node: string) => {
    if (low.get(node) !== index.get(node)) return;
    const component = open.splice(open.lastIndexOf(node));
    for (const n of component) onStack.delete(n);
    components.push(component.sort());
  };
  for (const start of nodes) {
    if (index.has(start)) continue;
    const visits = [enter(start)];
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const child = children.get(visit.node)?.[visit.next++];
      if (child === undefined) {
        visits.pop();
        close(visit.node);
        const above = visits.at(-1);
        if (above) lower(above.node, low.get(visit.node) ?? 0);
      } else if (!index.has(child)) visits.push(enter(child));
      else if (onStack.has(child)) lower(visit.node, index.get(child) ?? 0);
    }
  }
  return components;
}

function sortComponents(
  components: readonly string[][],
  edges: readonly Edge<string>[],
): readonly Component[] {
  const home = new Map(components.flatMap((c) => c.map((n) => [n, c] as const)));
  const parents = new Map(components.map((c) => [c, new Set<string[]>()]));
  for (const e of edges) {
    const [p, c] = [home.get(e.parent), home.get(e.child)];
    if (p && c && p !== c) parents.get(c)?.add(p);
  }
  const left = [...components].sort((a, b) => (first(a) < first(b) ? -1 : 1));
  const sorted: Component[] = [];
  while (left.length > 0) {
    const at = left.findIndex((c) => [...(parents.get(c) ?? [])].every((p) => !left.includes(p)));
    sorted.push(...left.splice(Math.max(at, 0), 1));
  }
  return sorted;
}

const first = (component: Component): string => component[0] ?? "";
