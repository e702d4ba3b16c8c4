import type { Catalog, Edge, Row } from "./catalog.ts";
import { childrenOf, type Gone, type References } from "./oracle.ts";

interface Reference {
  readonly edge: Edge;
  readonly child: Row;
  readonly parent: Row;
}

/**
 * The rows that no order of deletes takes, where the engine checks row by row and the columns cannot be nulled first: by
 * constraint, how many references other than CASCADE lie in a cycle of required ones between rows that go.
 */
export function requiredCycles(
  constraints: Catalog,
  references: References,
  gone: Gone,
): Readonly<Record<string, number>> {
  const required = constraints.edges.filter((e) => !e.nullable);
  const all = required.flatMap((edge) =>
    [...(gone.get(edge.parent) ?? [])].flatMap((parent) =>
      childrenOf(edge, { table: edge.parent, row: parent }, references)
        .filter((child) => gone.get(edge.child)?.has(child))
        .map((child): Reference => ({ edge, child, parent })),
    ),
  );
  const counts: Record<string, number> = {};
  for (const { edge } of cyclic(all).filter((r) => r.edge.action !== "cascade"))
    counts[edge.id] = (counts[edge.id] ?? 0) + 1;
  return counts;
}

/** What is left when references of rows that nobody references, and to rows that reference nobody, are taken away. */
function cyclic(all: readonly Reference[]): readonly Reference[] {
  let left = all;
  for (;;) {
    const children = new Set(left.map((r) => r.child));
    const parents = new Set(left.map((r) => r.parent));
    const next = left.filter((r) => parents.has(r.child) && children.has(r.parent));
    if (next.length === left.length) return left;
    left = next;
  }
}
