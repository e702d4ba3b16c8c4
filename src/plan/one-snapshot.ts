import { reachable } from "../graph/order.ts";
import { tableOf } from "../model/model.ts";
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
  const tables = reachable(scope.root.id, relations);
  return (
    relations.every((r) => r.enforced || !tables.includes(r.parent)) &&
    tables.every((t) => !tableOf(scope.model, t).triggers.some((trigger) => trigger.enabled))
  );
}
