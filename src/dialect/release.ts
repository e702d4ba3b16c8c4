import { releasingColumn } from "../model/guards.ts";
import { type Model, tableOf } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";

/**
 * The constraints that an engine without deferred checks minds when a row goes before a row that references it. SET NULL
 * is none of them: the engine nulls the reference of a row that goes anyway. Neither are columns that reference
 * themselves: they hold nobody back (measured on MariaDB 10.11).
 */
export const withinAtOnce = (relations: readonly Relation[]): readonly Relation[] =>
  relations.filter((r) => r.enforced && !r.onDelete.startsWith("set ") && !isItself(r));

const isItself = (r: Relation): boolean =>
  r.child === r.parent && String(r.columns) === String(r.parentColumns);

/** Whether a row that references itself by the relation is refused; the cascade to itself is not (measured on MariaDB 10.11). */
export const waitsForItself = (relation: Relation): boolean => relation.onDelete !== "cascade";

/** The column to set to null in a row that is about to go, so that it references nothing any more by the relation; null where there is none. */
export function releasable(model: Model, relation: Relation): string | null {
  const referenced = model.relations
    .filter((r) => r.parent === relation.child)
    .flatMap((r) => r.parentColumns);
  return releasingColumn(tableOf(model, relation.child), relation.columns, referenced);
}
