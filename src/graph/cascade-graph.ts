import { type Relation, relationId } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import { RelationGraph } from "./relation-graph.ts";

/** Which tables lose rows along with others by the relations that cascade. Those of a table to itself have no part in it. */
export class CascadeGraph {
  readonly #graph: RelationGraph;
  readonly #below = new Map<TableId, ReadonlySet<TableId>>();
  readonly #above = new Map<TableId, ReadonlySet<TableId>>();

  constructor(relations: readonly Relation[]) {
    const cascades = relations.filter((r) => r.onDelete === "cascade" && r.child !== r.parent);
    // Constraints of several partitions, and several on the same columns, are one way.
    this.#graph = new RelationGraph([...new Map(cascades.map((r) => [relationId(r), r])).values()]);
  }

  get relations(): readonly Relation[] {
    return this.#graph.relations;
  }

  /** The cascades that take rows of a table. */
  taking(table: TableId): readonly Relation[] {
    return this.#graph.from(table);
  }

  /** Tables that a delete from a table cascades to, nearest first; the table itself only in a cycle. */
  below(table: TableId): ReadonlySet<TableId> {
    return remembered(this.#below, table, () =>
      closure(table, (t) => this.#graph.into(t).map((r) => r.child)),
    );
  }

  /** Tables whose deletes cascade to a table, nearest first; the table itself only in a cycle. */
  above(table: TableId): ReadonlySet<TableId> {
    return remembered(this.#above, table, () =>
      closure(table, (t) => this.#graph.from(t).map((r) => r.parent)),
    );
  }

  /**
   * The lowest tables that are in both lists. Each list holds with a table all that are above it, so that one that has
   * another of both lists below it has one right below it.
   */
  forks(one: readonly TableId[], other: readonly TableId[]): readonly TableId[] {
    const over = new Set(other);
    const both = new Set(one.filter((t) => over.has(t)));
    return [...both].filter((t) => !this.#graph.into(t).some((r) => both.has(r.child))).sort();
  }

  /** Relations of a shortest way from one table down to another, in order; none where they are the same, null for no way. */
  way(from: TableId, to: TableId): readonly Relation[] | null {
    if (from === to) return [];
    const reachedBy = new Map<TableId, Relation>();
    const open = [from];
    for (const table of open) {
      for (const relation of this.#graph.into(table)) {
        if (relation.child === from || reachedBy.has(relation.child)) continue;
        reachedBy.set(relation.child, relation);
        open.push(relation.child);
      }
      if (reachedBy.has(to)) return traced(reachedBy, from, to);
    }
    return null;
  }
}

function traced(reachedBy: ReadonlyMap<TableId, Relation>, from: TableId, to: TableId): readonly Relation[] {
  const way: Relation[] = [];
  for (let at = to; at !== from; ) {
    const relation = reachedBy.get(at);
    if (!relation) return way;
    way.unshift(relation);
    at = relation.parent;
  }
  return way;
}

function closure(start: TableId, next: (table: TableId) => readonly TableId[]): ReadonlySet<TableId> {
  const found = new Set(next(start));
  for (const table of found) for (const more of next(table)) found.add(more);
  return found;
}

function remembered<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
