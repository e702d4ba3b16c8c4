import type { Relation } from "../model/relation.ts";
import type { Facts } from "./facts.ts";
import type { Compared } from "./source-relations.ts";

type Ends = Pick<Relation, "child" | "parent">;

/** Why the database can have no constraint between two tables; null where it can. */
export function keptByNone({ model }: Facts, { child, parent }: Ends): string | null {
  const loose = [child, parent].find((id) => model.tables.find((t) => t.id === id)?.nonTransactional);
  return loose === undefined ? null : `the storage engine of ${loose} keeps none`;
}

/** Why a constraint has another action than it was given; null where it has that. */
export const droppedBy = ({ engine }: Facts, { onDelete }: Pick<Relation, "onDelete">): string | null =>
  onDelete === "set default" && !engine.constraints.setsDefaults
    ? "the engine drops SET DEFAULT without a word"
    : null;

/** Why the engine does not do what code asks of it; null where it would. */
export function ignoredBecause(facts: Facts, { relation, constraints }: Compared): string | null {
  if (relation.enforcement !== "database") return null;
  return constraints.length > 0 ? droppedBy(facts, relation) : keptByNone(facts, relation);
}
