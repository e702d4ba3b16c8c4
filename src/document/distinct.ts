import type { Documentation } from "../model/documentation.ts";

/**
 * The documentation with what partitions of one table declare each for itself told once: the same columns, the same
 * parent, the same action by the same hand.
 */
export function distinct(documentation: Documentation): Documentation {
  const { relations, deletions } = documentation;
  return {
    ...documentation,
    relations: unique(relations, (r) =>
      r.childPartition === null && r.parentPartition === null
        ? [r.id]
        : [r.child, r.columns, r.parent, r.parentColumns, r.onDelete, r.enforcedBy, r.enforced, r.setColumns],
    ),
    deletions: deletions.map((d) => ({
      ...d,
      consequences: unique(d.consequences, (c) => [c.table, c.effect, c.by, c.columns, c.chain]),
    })),
  };
}

function unique<T>(list: readonly T[], key: (item: T) => readonly unknown[]): readonly T[] {
  const seen = new Map(list.toReversed().map((item) => [JSON.stringify(key(item)), item]));
  return list.filter((item) => seen.get(JSON.stringify(key(item))) === item);
}
