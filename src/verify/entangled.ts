import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import type { BuiltRow } from "./built-row.ts";

interface Made {
  readonly made: readonly BuiltRow[];
  readonly way: readonly BuiltRow[];
  readonly child: BuiltRow;
  /** The relations that the experiment is about. */
  readonly pinned: readonly Relation[];
}

/**
 * A relation, other than those that an experiment is about, by which one of its rows references another one or itself:
 * what is seen then says nothing about these alone.
 */
export function entangledBy(
  { made, way, child, pinned }: Made,
  relations: ReadonlyMap<TableId, readonly Relation[]>,
): string | null {
  const ids = new Set(pinned.map((r) => r.id));
  const meant = new Set([...way, child]);
  for (const row of made) {
    for (const relation of relations.get(row.table.id) ?? []) {
      const target = [...way, child].find((to) => idOf(to) === relation.parent && meets(row, relation, to));
      if (!target) continue;
      const itself = row === target;
      // Constraints on the same columns contradict each other, which is to be seen.
      if (!itself && meant.has(row) && (ids.has(relation.id) || pinned.some((r) => sameColumns(r, relation))))
        continue;
      const what = itself ? "itself" : `that of ${target.table.id}`;
      return `a row of ${row.table.id} can only be made so that it also references ${what} by ${relation.id}`;
    }
  }
  return null;
}

export const meets = (row: BuiltRow, relation: Relation, to: BuiltRow): boolean =>
  relation.columns.every((c, i) => {
    const value = row.values.get(c);
    return value != null && value === to.values.get(relation.parentColumns[i] ?? "");
  });

const idOf = ({ table }: BuiltRow): TableId => table.partitionOf ?? table.id;

/** Whether two relations go by the same columns to the same table. */
export const sameColumns = (a: Relation, b: Relation): boolean =>
  a.child === b.child &&
  a.parent === b.parent &&
  a.columns.length === b.columns.length &&
  a.columns.every((c) => b.columns.includes(c));
