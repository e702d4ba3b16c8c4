import { type ImplicitRelation, implicitRelations } from "../graph/implicit-relations.ts";
import type { Model } from "../model/model.ts";
import type { Evidence } from "../model/orphans.ts";
import { configuredRelation, type Policy } from "../model/policy.ts";
import { type Relation, relationId } from "../model/relation.ts";
import { withPolicy } from "../model/with-policy.ts";
import type { Engine, Transaction } from "./engine.ts";
import { evidenceOf } from "./orphaned.ts";

/** A relation that nobody declares, by its name and its rows. */
export interface InferredRelation {
  readonly relation: Relation;
  readonly named: ImplicitRelation["named"];
  readonly evidence: Evidence;
}

/** How many of a column's values have to name a row of the parent, where the name alone says less. */
const LEAST = { table: 0.5, role: 0.95, actor: 0.95 } as const;

interface Place extends Pick<Engine, "syntax" | "constraints"> {
  readonly model: Model;
  readonly policy: Policy;
}

/**
 * Relations that names and rows speak for. A column that is named after a table may hold many orphans, which is what it
 * is looked at for; where its name is less plain, nearly all of its values have to be found. Without rows the name alone
 * counts, if it is the table's.
 */
export async function inferredRelations(
  tx: Pick<Transaction, "rows">,
  place: Place,
): Promise<readonly InferredRelation[]> {
  const { model, policy, constraints, syntax } = place;
  const { followed, declared } = withPolicy(model, policy);
  const known = [...followed, ...declared, ...policy.relations];
  const guessed = implicitRelations({ model, known, familyOf: (c) => constraints.shapeOf(c).family });
  const out: InferredRelation[] = [];
  for (const guess of guessed) {
    const relation = relationOf(guess);
    const evidence = await evidenceOf(tx, { syntax, model }, relation);
    if (isLikely(guess, evidence)) out.push({ relation, named: guess.named, evidence });
  }
  return out;
}

function isLikely({ named }: ImplicitRelation, { looked, matched }: Evidence): boolean {
  if (looked === 0) return named === "table";
  return matched > 0 && matched / looked >= LEAST[named];
}

function relationOf({ child, column, parent, parentColumn }: ImplicitRelation): Relation {
  const ends = { child, columns: [column], parent, parentColumns: [parentColumn] };
  const entry = { ...ends, onDelete: "no action", enforcedBy: "application" } as const;
  return { ...configuredRelation(entry, relationId(ends), false), enforcedBy: "nobody", origin: "inferred" };
}
