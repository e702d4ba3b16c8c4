import { pairs, replaced } from "../../graph/orders.ts";
import type { NativeReason } from "../../model/plan.ts";
import type { Relation } from "../../model/relation.ts";
import type { Result } from "./experiment.ts";
import type { Found } from "./found.ts";

/** Why it is not sure what a bare DELETE does. */
export async function reasonsOf(found: Found): Promise<readonly NativeReason[]> {
  const { now } = found;
  const open = now.find((r) => r.kind === "unknown");
  if (open) {
    const relations = found.experiment.competing.flat().map((r) => r.id);
    return [notSimulated(relations, `It cannot be told from the schema and the rows: ${open.because}.`)];
  }
  return [...(await constraintOrder(found)), ...rowOrder(now), ...now.flatMap(outcomeNow)];
}

export const notSimulated = (relations: readonly string[], message: string): NativeReason => ({
  code: "not-simulated",
  relations,
  message,
});

/** The pairs of constraints whose exchange changes the outcome, or all that compete where no single exchange does. */
async function constraintOrder(found: Found): Promise<readonly NativeReason[]> {
  const { experiment, now, all } = found;
  const { decidedBy } = found.task.scope.engine.native;
  const deciding: NativeReason[] = [];
  for (const group of experiment.competing) {
    const ids = new Set<string>();
    for (const [a, b] of pairs(group)) {
      const exchanged = group.map((r) => (r === a ? b : r === b ? a : r));
      const results = await experiment.run(replaced(experiment.relations, exchanged));
      if (kinds(results) !== kinds(now)) for (const r of [a, b]) ids.add(r.id);
    }
    const together = group.filter((r) => ids.has(r.id));
    if (together.length > 0) deciding.push(constraintReason(together, decidedBy));
  }
  const varies = all === null || kinds(all) !== kinds(now);
  const together = experiment.competing.flat();
  if (deciding.length > 0 || !varies || together.length === 0) return deciding;
  return [constraintReason(together, decidedBy)];
}

function constraintReason(relations: readonly Relation[], decidedBy: string): NativeReason {
  const names = relations.map((r) => `${r.id}${r.name === null ? "" : ` (${r.name})`}`).join(" and ");
  const parents = [...new Set(relations.map((r) => r.parent))].join(", ");
  return {
    code: "constraint-order",
    relations: relations.map((r) => r.id),
    message: `${names} compete when rows of ${parents} go: now they run in this order, and another order has another outcome. ${decidedBy}`,
  };
}

const kinds = (results: readonly Result[]): string => [...new Set(results.map((r) => r.kind))].sort().join();

const rowOrder = (now: readonly Result[]): readonly NativeReason[] =>
  now.length < 2
    ? []
    : [
        {
          code: "row-order",
          relations: [],
          message:
            "The order in which the engine comes upon the rows of one table decides, and is not known.",
        },
      ];

const WHY = {
  referenced: "rows still reference the row when it is looked at",
  "not-null": "a row that is set to null on the way may not be null",
  check: "a row that is changed on the way violates a CHECK",
  unique: "a row that is changed on the way clashes on a unique key",
  "no-parent": "a row that is changed on the way references nothing",
  depth: "the cascade is too deep",
  circle: "updates come back to a table that is being updated",
} as const;

function outcomeNow(result: Result): readonly NativeReason[] {
  if (result.kind === "refused") {
    const by = result.by ? `${result.by.id} (${result.by.onDelete}) refuses` : "The statement fails";
    return [
      {
        code: "refuses",
        relations: result.by ? [result.by.id] : [],
        message: `${by}: ${WHY[result.why]}.`,
      },
    ];
  }
  if (result.kind !== "diverges") return [];
  return [
    {
      code: "diverges",
      relations: [],
      message: "The statement succeeds, and other rows are gone or changed than planned.",
    },
  ];
}
