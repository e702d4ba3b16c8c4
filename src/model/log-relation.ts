import type { Relation } from "./relation.ts";
import type { Table, TableId } from "./table.ts";

/** Of some relations the one by which a table's rows are the log of another's; null where it is none of them, or several are. */
export function logRelation(relations: readonly Relation[], table: Table, log: TableId): Relation | null {
  const found = relations.filter((r) => r.child === log && r.parent === table.id);
  return found.length === 1 ? (found[0] ?? null) : null;
}
