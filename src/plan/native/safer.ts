import { ordersOf, replaced } from "../../graph/orders.ts";
import type { NativeRemedy } from "../../model/plan.ts";
import type { Relation } from "../../model/relation.ts";
import type { Experiment, Result } from "./experiment.ts";
import type { Found } from "./found.ts";

/** What would make the DELETE safe; of constraints only what the same simulation proves. */
export async function saferOf(found: Found): Promise<readonly NativeRemedy[]> {
  if (!found.allowed) return [];
  const simulated = found.now.every((r) => r.kind !== "unknown");
  const constraints = simulated ? [...(await relaxations(found)), ...(await renaming(found))] : [];
  const own: NativeRemedy = {
    kind: "ondelete",
    message:
      "ondelete delete does what is planned: its order does not depend on that of constraints or rows.",
  };
  return [...constraints, own];
}

/** Every constraint that refuses in some order made to wait, where none refuses in any order then. */
async function relaxations({ task, experiment, all }: Found): Promise<readonly NativeRemedy[]> {
  const { engine, model } = task.scope;
  const { relaxation } = engine.native;
  if (!relaxation || !all) return [];
  const changed = new Map<string, Relation>();
  let results = all;
  while (!results.every((r) => r.kind === "applies")) {
    const refusing = results.flatMap((r) => (r.kind === "refused" && r.by ? [r.by] : []));
    const relaxed = refusing.flatMap((r) => relaxation.relaxed(r) ?? []).filter((r) => !changed.has(r.id));
    if (relaxed.length === 0) return [];
    for (const r of relaxed) changed.set(r.id, r);
    const after = experiment.relations.map((r) => changed.get(r.id) ?? r);
    const tried = await inEveryOrder(experiment, after);
    if (!tried) return [];
    results = tried;
  }
  return experiment.relations
    .filter((r) => changed.has(r.id))
    .map((relation) => {
      const sql = relaxation.statement(relation, engine.syntax, model);
      return {
        kind: relaxation.kind,
        relation: relation.id,
        ...(sql === null ? {} : { sql }),
        message: relaxation.message(relation),
      };
    });
}

async function inEveryOrder(
  experiment: Experiment,
  relations: readonly Relation[],
): Promise<readonly Result[] | null> {
  const changed = new Map(relations.map((r) => [r.id, r]));
  const competing = experiment.competing.map((group) => group.map((r) => changed.get(r.id) ?? r));
  const orders = ordersOf(relations, competing, experiment.size);
  if (!orders) return null;
  const results: Result[] = [];
  for (const order of orders) results.push(...(await experiment.run(order)));
  return results;
}

/** One constraint with a name that puts it before or behind the others, where the DELETE then applies. */
async function renaming({ task, experiment, now }: Found): Promise<readonly NativeRemedy[]> {
  const { engine, model } = task.scope;
  const names = engine.native.renaming;
  if (!names || now.every((r) => r.kind === "applies")) return [];
  for (const group of experiment.competing) {
    const onParent = experiment.relations.filter((r) => r.parent === group[0]?.parent);
    for (const relation of group) {
      const others = onParent.filter((r) => r !== relation);
      for (const place of ["last", "first"] as const) {
        const order = place === "first" ? [relation, ...others] : [...others, relation];
        const results = await experiment.run(replaced(experiment.relations, order));
        if (!results.every((r) => r.kind === "applies")) continue;
        const name = names.name(relation, place, others);
        return [
          {
            kind: "rename",
            relation: relation.id,
            sql: names.statement(relation, name, engine.syntax, model),
            message: `Name ${relation.id} ${name} instead of ${relation.name ?? ""}: it then acts ${place} of the constraints on ${relation.parent}.`,
          },
        ];
      }
    }
  }
  return [];
}
