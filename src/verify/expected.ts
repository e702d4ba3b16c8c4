import { type Relation, writtenOnDelete } from "../model/relation.ts";
import { columnOf, type Table } from "../model/table.ts";
import type { Observed } from "../model/verification.ts";

/** What a relation says that a delete of its parent's row does to its child's, where nothing else takes that row. */
export function declaredEffect(relation: Relation, child: Table): Observed {
  switch (relation.onDelete) {
    case "cascade":
      return "deleted";
    case "restrict":
    case "no action":
      return "blocks";
    case "set null":
    case "set default": {
      const written = writtenOnDelete(child, relation);
      if (written.some((w) => w.toNull && !columnOf(child, w.name).nullable)) return "blocks";
      return written.every((w) => w.toNull) ? "set null" : "set default";
    }
  }
}
