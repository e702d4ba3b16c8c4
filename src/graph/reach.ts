import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import type { RelationGraph } from "./relation-graph.ts";

/** How a delete comes to a table. */
export interface Reached {
  /** `database` where constraints alone lead there. */
  readonly by: "database" | "application" | "nobody";
  /** The lengths of ways to it, in relations: the shortest, and what other ways add, each table counted once. */
  readonly depths: ReadonlySet<number>;
  /** The relations of one way to it, the shortest of the strongest hand; empty for the root. */
  readonly path: readonly Relation[];
}

/** The root and every table that CASCADE relations lead to from it, those that constraints alone lead to first. */
export type Reach = ReadonlyMap<TableId, Reached>;

/** Ways of other lengths than the shortest are looked at up to this one. */
const MAX_DEPTHS = 16;

export function reachOf(relations: RelationGraph, root: TableId): Reach {
  const reach = new Map<TableId, Reached>([[root, { by: "database", depths: new Set([0]), path: [] }]]);
  for (const hand of ["database", "application", "nobody"] as const) {
    // The tables reached by stronger hands are where the weaker ones go on from.
    for (const [table, { path }] of reach) {
      for (const relation of cascadesOf(relations, table)) {
        if (reach.has(relation.child) || !isWithin(relation, hand)) continue;
        reach.set(relation.child, { by: hand, depths: new Set(), path: [...path, relation] });
      }
    }
  }
  return withDepths(relations, root, reach);
}

const cascadesOf = (relations: RelationGraph, table: TableId): readonly Relation[] =>
  relations.into(table).filter((r) => r.onDelete === "cascade");

/** Whether a relation is carried out by a hand or a stronger one. */
function isWithin(relation: Relation, hand: Reached["by"]): boolean {
  if (hand === "nobody") return true;
  if (hand === "application" && relation.enforcedBy === "application") return true;
  return relation.enforcedBy === "database" && relation.enforced;
}

/** Level by level; what goes in circles ends at {@link MAX_DEPTHS}. */
function withDepths(relations: RelationGraph, root: TableId, reach: ReadonlyMap<TableId, Reached>): Reach {
  const depths = new Map<TableId, Set<number>>([...reach.keys()].map((t) => [t, new Set()]));
  let level: ReadonlySet<TableId> = new Set([root]);
  for (let depth = 0; level.size > 0 && depth <= MAX_DEPTHS; depth++) {
    for (const table of level) depths.get(table)?.add(depth);
    level = new Set([...level].flatMap((table) => cascadesOf(relations, table).map((r) => r.child)));
  }
  return new Map([...reach].map(([table, r]) => [table, { ...r, depths: depths.get(table) ?? r.depths }]));
}
