import { type Reach, reachOf } from "../graph/reach.ts";
import { RelationGraph } from "../graph/relation-graph.ts";
import type { Relation } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";

/** One experiment to be made: a row of the parent's, rows by cascades below it, and one that references one of them. */
export interface Scenario {
  readonly parent: TableId;
  /** The relation by which the child's row hangs on. */
  readonly relation: Relation;
  /** How a delete comes to the tables between, from the parent to the relation's. */
  readonly reach: Reach;
  /** Whether the child's row also goes by the cascades that lead to its table. */
  readonly goesToo: boolean;
}

/** The cells of a delete matrix as experiments, by parent; of one relation where it is named. */
export function scenariosOf(
  relations: readonly Relation[],
  only: readonly string[] | null,
): readonly Scenario[] {
  const by = new RelationGraph(relations);
  return by.parents.flatMap((parent) => {
    const reach = reachOf(by, parent);
    return [...reach.keys()].flatMap((from) =>
      by
        .into(from)
        .filter((relation) => only === null || only.includes(relation.id))
        .flatMap((relation) => variants(parent, relation, reach)),
    );
  });
}

/** A relation that does not delete may find that its row goes anyway. */
function variants(parent: TableId, relation: Relation, reach: Reach): readonly Scenario[] {
  const alone = { parent, relation, reach, goesToo: false };
  const goes = relation.onDelete !== "cascade" && reach.has(relation.child) && relation.child !== parent;
  return goes ? [alone, { ...alone, goesToo: true }] : [alone];
}

export const viaOf = ({ reach, relation }: Scenario): readonly string[] => [
  ...(reach.get(relation.parent)?.path ?? []).map((r) => r.id),
  relation.id,
];

/** The same experiment, whoever deletes. */
export const keyOf = (scenario: Scenario): string =>
  JSON.stringify([viaOf(scenario), scenario.parent, scenario.goesToo]);
