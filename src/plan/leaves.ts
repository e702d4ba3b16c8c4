import { tableOf } from "../model/model.ts";
import { isWatched } from "../model/policy.ts";
import type { Relation } from "../model/relation.ts";
import { columnOf, identityOf, type TableId } from "../model/table.ts";
import { cascades, type Scope } from "./scope.ts";

/**
 * Tables whose rows no row references, that reference by columns of the type of what they reference, and of whose rows
 * nobody wants to know which they were.
 */
export function leafTables(scope: Scope): readonly TableId[] {
  return scope.reached.filter(
    (id) =>
      id !== scope.root.id &&
      identityOf(tableOf(scope.model, id)).length > 0 &&
      !isReferenced(scope, id) &&
      !isWatched(scope.policy, id) &&
      cascades(scope.followed).every((r) => r.child !== id || isPlain(scope, r)),
  );
}

/** Whether any relation leads to the table. */
export const isReferenced = ({ followed, declared }: Scope, table: TableId): boolean =>
  [...followed, ...declared].some((r) => r.parent === table);

/** Whether the child's rows are those whose columns are equal to the parent's, and nothing else. */
export const isPlain = (scope: Scope, relation: Relation): boolean =>
  !relation.when &&
  !relation.period &&
  !relation.childPartition &&
  !relation.parentPartition &&
  relation.columns.every((c, i) => sameType(scope, relation, c, i));

function sameType({ model }: Scope, relation: Relation, column: string, i: number): boolean {
  const child = columnOf(tableOf(model, relation.child), column);
  const parent = columnOf(tableOf(model, relation.parent), relation.parentColumns[i] ?? "");
  return child.type === parent.type && child.collation === parent.collation;
}
