import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";

/** Relations by the tables at their ends, each list in the order in which they were given. */
export class RelationGraph {
  readonly relations: readonly Relation[];
  readonly #into: ReadonlyMap<TableId, readonly Relation[]>;
  readonly #from: ReadonlyMap<TableId, readonly Relation[]>;

  constructor(relations: readonly Relation[]) {
    this.relations = relations;
    this.#into = Map.groupBy(relations, (r) => r.parent);
    this.#from = Map.groupBy(relations, (r) => r.child);
  }

  /** Tables that a relation references, sorted. */
  get parents(): readonly TableId[] {
    return [...this.#into.keys()].sort();
  }

  /** Tables with a relation, at either of its ends, sorted. */
  get tables(): readonly TableId[] {
    return [...new Set([...this.#into.keys(), ...this.#from.keys()])].sort();
  }

  /** The relations that reference a table. */
  into(table: TableId): readonly Relation[] {
    return this.#into.get(table) ?? [];
  }

  /** The relations of a table that references others. */
  from(table: TableId): readonly Relation[] {
    return this.#from.get(table) ?? [];
  }
}
