import { randomUUID } from "node:crypto";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import type { ConstraintOrder, CopiedTables } from "./engine.ts";
import type { NativeBehaviour } from "./native.ts";

/** A name that tells people who find it what it is: nobody needs it any more. */
export const scratchName = (): string => `ondelete_scratch_${randomUUID().slice(0, 8)}`;

/**
 * The part of a model that a copy in another namespace has; partitions are tables of their own in it.
 * @throws `unsupported` where two of the tables have one name
 */
export function scratchModel({ model, tables }: CopiedTables, namespace: string): Model {
  const copied = model.tables.filter((t) => tables.includes(t.id));
  const names = new Set(copied.map((t) => t.name));
  if (names.size < copied.length)
    throw new OnDeleteError("unsupported", "Tables of one name in several namespaces have no scratch copy.");
  return {
    defaultNamespace: namespace,
    tables: copied.map((t): Table => ({ ...t, namespace, kind: "table", partitionOf: null })),
    relations: model.relations
      .filter((r) => tables.includes(r.child) && tables.includes(r.parent))
      .map(
        (r): Relation => ({
          ...r,
          child: r.childPartition ?? r.child,
          parent: r.parentPartition ?? r.parent,
          childPartition: null,
          parentPartition: null,
        }),
      ),
  };
}

/** The constraints of a model in the order in which a copy makes them. */
export function inOrder(native: NativeBehaviour, model: Model, order: ConstraintOrder): readonly Relation[] {
  const relations = model.relations.toSorted((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));
  if (order === "as they are") return relations;
  return order === "reversed" ? relations.toReversed() : native.restored(relations, model);
}
