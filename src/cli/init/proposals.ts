import {
  type Evidence,
  guessedMarkers,
  type InferredRelation,
  looksLikeAudit,
  type Model,
} from "../../index.ts";

/** What a model suggests that a configuration could say. Nothing of it holds until a person writes it down. */
export interface Proposals {
  /** Columns named like a reference, without a constraint, whose rows do not contradict it; sorted by table, then column. */
  readonly relations: readonly ProposedRelation[];
  /** Columns that look like soft-delete markers. */
  readonly softDeletes: readonly { readonly table: string; readonly column: string }[];
  /** Tables that look like an audit trail, which a delete should rather not reach. */
  readonly auditTables: readonly string[];
}

export interface ProposedRelation {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly parentColumn: string;
  readonly evidence: Evidence;
}

export function proposals(model: Model, inferred: readonly InferredRelation[]): Proposals {
  return {
    relations: inferred.map(({ relation, evidence }) => ({
      child: relation.child,
      column: relation.columns[0] ?? "",
      parent: relation.parent,
      parentColumn: relation.parentColumns[0] ?? "",
      evidence,
    })),
    softDeletes: model.tables.flatMap((table) =>
      guessedMarkers(table).map(({ column }) => ({ table: table.id, column })),
    ),
    auditTables: model.tables.filter(looksLikeAudit).map((t) => t.id),
  };
}
