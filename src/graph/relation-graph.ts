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

  /** The relations that reference a table. */
  into(table: TableId): readonly Relation[] {
    return this.#into.get(table) ?? [];
  }

  /** The relations of a table that references others. */
  from(table: TableId): readonly Relation[] {
    return this.#from.get(table) ?? [];
  }
}
