import { type InferredRelation, inferredRelations } from "../dialect/inferred-relations.ts";
import type { Facts } from "./facts.ts";

const known = new WeakMap<Facts, Promise<readonly InferredRelation[]>>();

/** Relations that names and rows speak for; rows are asked once for all rules. */
export function inferredIn(facts: Facts): Promise<readonly InferredRelation[]> {
  const { model, policy, engine, ask } = facts;
  const found = known.get(facts) ?? inferredRelations({ rows: ask }, { ...engine, model, policy });
  known.set(facts, found);
  return found;
}
