import type { ConstraintOrder } from "../dialect/engine.ts";
import { inOrder } from "../dialect/scratch-model.ts";
import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";
import { type Found, type Ground, nativeOnly, type Verifier } from "./experiment.ts";
import type { Outcome } from "./observe.ts";
import type { Task } from "./tasks.ts";
import { tried } from "./tried.ts";

/** What the engine's own DELETE did where its constraints were made in another order. */
export interface Reordered {
  readonly order: ConstraintOrder;
  /** Why it could not be tried, where it is a text. */
  readonly outcome: Outcome | string;
}

/** More than the rows that one experiment makes. */
const ROWS = 10_000;

/** Tries experiments again in copies of their tables, whose constraints come in another order. */
export async function reordered(
  verifier: Verifier,
  ground: Omit<Ground, "engine">,
  tasks: readonly Task[],
): Promise<ReadonlyMap<Task, readonly Reordered[]>> {
  const out = new Map<Task, Reordered[]>(tasks.map((task) => [task, []]));
  if (tasks.length === 0) return out;
  const tables = neededBy(tasks, ground.relations);
  for (const order of ordersOf(verifier, tables)) {
    const add = (task: Task, outcome: Outcome | string) => out.get(task)?.push({ order, outcome });
    const failed = await tried(() =>
      verifier.engine.scratchCopy({ model: verifier.model, tables, order }, async (copy) => {
        const copied = { ...ground, ...copy, tables: new Map(copy.model.tables.map((t) => [t.id, t])) };
        for (const [i, task] of tasks.entries()) {
          const seeded = { ...copied, seed: ground.seed + i * ROWS };
          add(task, await tried(() => nativeOnly(verifier, seeded, task.scenario)));
        }
        return null;
      }),
    );
    if (failed !== null) for (const task of tasks) add(task, failed);
  }
  return out;
}

/** Orders that come to something else than the one that is there, which is tried too where the tables do not tell. */
function ordersOf({ engine, model }: Verifier, tables: readonly TableId[]): readonly ConstraintOrder[] {
  const part: Model = {
    ...model,
    tables: model.tables.filter((t) => tables.includes(t.id)),
    relations: model.relations.filter((r) => tables.includes(r.child)),
  };
  const names = (order: ConstraintOrder) =>
    inOrder(engine.native, part, order)
      .map((r) => r.id)
      .join();
  const restored = names("as restored") === names("as they are") ? [] : (["as restored"] as const);
  const now = engine.capabilities.rechecksOwnRows ? (["as they are"] as const) : [];
  return [...now, ...restored, "reversed"];
}

/** The tables of experiments, with all that their rows may have to reference. */
function neededBy(tasks: readonly Task[], relations: Ground["relations"]): readonly TableId[] {
  const needed = new Set<TableId>();
  for (const { scenario } of tasks) {
    needed.add(scenario.parent).add(scenario.relation.child);
    for (const r of scenario.reach.get(scenario.relation.parent)?.path ?? []) needed.add(r.child);
    for (const r of scenario.reach.get(scenario.relation.child)?.path ?? []) needed.add(r.child);
  }
  for (const id of needed) for (const r of relations.get(id) ?? []) addEnds(needed, r);
  return [...needed].sort();
}

function addEnds(needed: Set<TableId>, { parent, childPartition, parentPartition }: Relation): void {
  needed.add(parent);
  if (childPartition) needed.add(childPartition);
  if (parentPartition) needed.add(parentPartition);
}

/** The outcome in every order beside that on the tables: one, or what differs. */
export function overOrders(found: Found, others: readonly Reordered[]): Outcome {
  const now = others.find((o) => o.order === "as they are")?.outcome;
  const native = typeof now === "object" ? now : found.native;
  if (native === null || native.observed === null) return { observed: null, reason: "it was not tried" };
  const untried = others.find((o) => typeof o.outcome === "string");
  if (untried)
    return { observed: null, reason: `constraints could not be put into another order: ${untried.outcome}` };
  const different = others.find(
    (o) => typeof o.outcome !== "string" && o.outcome.observed !== native.observed,
  );
  if (!different || typeof different.outcome === "string") return native;
  const { observed, reason } = different.outcome;
  const how =
    different.order === "as restored" ? "as a dump and restore makes them" : "made in the opposite order";
  return {
    observed: "order-dependent",
    reason: `with the constraints as they are it comes to: ${native.observed}; ${how}: ${observed ?? "unknown"}${reason ? ` (${reason})` : ""}`,
  };
}
