import { columnsSetBy, type Relation } from "../model/relation.ts";
import type { Table, TableId } from "../model/table.ts";
import type { Pin, Rows } from "./build-rows.ts";
import type { BuiltRow } from "./built-row.ts";
import { defaultsOf } from "./defaults.ts";
import { entangledBy, meets } from "./entangled.ts";
import type { Scenario } from "./scenario.ts";
import { Unprovable } from "./unprovable.ts";

/** The rows of an experiment, before anything is deleted. */
export interface Stage {
  readonly parent: BuiltRow;
  readonly child: BuiltRow;
  /** The rows from the parent's down to the one that the child's references. */
  readonly chain: readonly BuiltRow[];
  /** What else acts on these rows, because a row can only be made so; null where the relations of the way alone do. */
  readonly entangled: string | null;
  /** Everything that was made, with what the rows above need. */
  readonly made: readonly BuiltRow[];
}

/** The tables and relations that rows are made for. */
export interface StageGround {
  readonly tables: (id: TableId) => Table;
  readonly relations: ReadonlyMap<TableId, readonly Relation[]>;
}

/** Makes the rows of an experiment. @throws {Unprovable} */
export async function setStage(rows: Rows, scenario: Scenario, ground: StageGround): Promise<Stage> {
  const { relation, reach, goesToo } = scenario;
  const chain = new Map<TableId, BuiltRow>();
  const needed = referenced(scenario);
  const rowOf = async (id: TableId): Promise<BuiltRow> => {
    const made = chain.get(id);
    if (made) return made;
    const last = reach.get(id)?.path.at(-1);
    const pins: readonly Pin[] = last ? [{ relation: last, to: await rowOf(last.parent) }] : [];
    const row = await rows.build(ground.tables(placeOf(scenario, id, last)), pins, needed.get(id) ?? []);
    chain.set(id, row);
    return row;
  };
  const to = await rowOf(relation.parent);
  const parent = await rowOf(scenario.parent);
  const above = goesToo ? reach.get(relation.child)?.path.at(-1) : undefined;
  const pins = [...(above ? [{ relation: above, to: await rowOf(above.parent) }] : []), { relation, to }];
  const child = await rows.build(ground.tables(relation.childPartition ?? relation.child), pins);
  for (const pin of pins) checkPin(child, pin);
  if (relation.onDelete === "set default") await haveDefault(rows, relation, ground);
  const way = [...chain.values()];
  const made = [...rows.made];
  const entangled = entangledBy({ made, way, child, pinned: usedBy(scenario) }, ground.relations);
  return { parent, child, chain: way, entangled, made };
}

/** Columns by which the rows of the chain are referenced, so that they must not be null. */
function referenced(scenario: Scenario): ReadonlyMap<TableId, readonly string[]> {
  return new Map(
    [...Map.groupBy(usedBy(scenario), (r) => r.parent)].map(
      ([id, list]) => [id, list.flatMap((r) => r.parentColumns)] as const,
    ),
  );
}

function usedBy({ reach, relation, goesToo }: Scenario): readonly Relation[] {
  const path = (id: TableId) => reach.get(id)?.path ?? [];
  return [...path(relation.parent), ...(goesToo ? path(relation.child) : []), relation];
}

/** The table to put a row into: a partition, where only that has the constraint or is referenced by it. */
function placeOf(scenario: Scenario, table: TableId, last: Relation | undefined): TableId {
  if (last?.childPartition) return last.childPartition;
  return usedBy(scenario).find((r) => r.parent === table && r.parentPartition)?.parentPartition ?? table;
}

/** Two references that share columns cannot always be had by one row. */
function checkPin(row: BuiltRow, { relation, to }: Pin): void {
  if (relation.period || meets(row, relation, to)) return;
  throw new Unprovable(
    `no row of ${relation.child} can reference by ${relation.id} a row that is not also referenced otherwise`,
  );
}

/** The row that the defaults of a relation reference. */
async function haveDefault(rows: Rows, relation: Relation, { tables }: StageGround): Promise<void> {
  const defaults = await defaultsOf(rows.task, tables(relation.child), columnsSetBy(relation));
  if (relation.columns.some((c) => defaults.get(c) == null)) return;
  const given = relation.columns.map(
    (c, i) => [relation.parentColumns[i] ?? "", defaults.get(c) ?? null] as const,
  );
  await rows.have(tables(relation.parent), new Map(given));
}
