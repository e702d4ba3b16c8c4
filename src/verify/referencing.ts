import type { Values } from "../dialect/native-facts.ts";
import type { Relation } from "../model/relation.ts";

/** Gives a row the values that reference a parent's. */
export function assign(values: Map<string, string | null>, relation: Relation, parent: Values): void {
  for (const [i, column] of relation.columns.entries())
    values.set(column, parent.get(relation.parentColumns[i] ?? "") ?? null);
  if (relation.when) values.set(relation.when.column, relation.when.values[0] ?? null);
}

/** The parent's values that a copied row references; null for none. */
export function copiedReference(copied: Values, relation: Relation): Values | null {
  const values = relation.columns.map(
    (c, i) => [relation.parentColumns[i] ?? "", copied.get(c) ?? null] as const,
  );
  return values.some(([, value]) => value === null) ? null : new Map(values);
}

/** Every row references itself by it. */
export const isOwn = (r: Relation): boolean =>
  r.child === r.parent && r.columns.every((c, i) => c === r.parentColumns[i]);
