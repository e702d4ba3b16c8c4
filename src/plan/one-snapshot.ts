import { reachable } from "../graph/order.ts";
import { type PlanRequest, prepare } from "./plan.ts";
import type { Context } from "./scope.ts";

/**
 * Whether a delete may be planned and carried out in one snapshot: what others do meanwhile is kept out by constraints or
 * undoes it. A trigger, a relation that no constraint enforces and a soft delete, which no constraint minds, have to see
 * what others did.
 */
export function fitsOneSnapshot(context: Context, request: PlanRequest): boolean {
  if (request.mode === "soft" || !context.engine.capabilities.snapshotsProtect) return false;
  const { scope } = prepare(context, request);
  const relations = [...scope.followed, ...scope.declared];
  const reached = reachable(scope.root.id, relations);
  const tables = scope.model.tables.filter((t) => reached.includes(t.partitionOf ?? t.id));
  return (
    relations.every((r) => r.enforced || !reached.includes(r.parent)) &&
    tables.every((t) => !t.triggers.some((trigger) => trigger.enabled))
  );
}
