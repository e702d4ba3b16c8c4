import { releasingColumn } from "../model/guards.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";

/**
 * The constraints that an engine without deferred checks minds when a row goes before a row that references it. SET NULL
 * is none of them: the engine nulls the reference of a row that goes anyway.
 */
export const withinAtOnce = (relations: readonly Relation[]): readonly Relation[] =>
  relations.filter((r) => r.enforced && !r.onDelete.startsWith("set "));

/**
 * Whether a row that references itself by the relation is refused; the cascade to itself is not, and neither are columns
 * that reference themselves (measured on MariaDB 10.11).
 */
export const waitsForItself = (relation: Relation): boolean =>
  relation.onDelete !== "cascade" && String(relation.columns) !== String(relation.parentColumns);

/** The column to set to null in a row that is about to go, so that it references nothing any more by the relation; null where there is none. */
export function releasable(model: Model, relation: Relation): string | null {
  const referenced = model.relations
    .filter((r) => r.parent === relation.child)
    .flatMap((r) => r.parentColumns);
  return releasingColumn(tableOf(model, relation.child), relation.columns, referenced);
}
