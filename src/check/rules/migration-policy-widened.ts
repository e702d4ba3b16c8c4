import { pairsOf, type ReferentialAction } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import { makes, type PlacedStep, samePairs, stepsOfKind } from "../migration-steps.ts";
import type { Found, Rule } from "../rule.ts";
import { upper } from "../source-relations.ts";

/** The same DELETE as before takes more. */
export const migrationPolicyWidened: Rule = {
  id: "migration-policy-widened",
  severity: "warning",
  confidence: "certain",
  title: "A migration after which a delete takes or changes more rows than before",
  wants: "migrations",
  find: (facts) =>
    stepsOfKind(facts.migrations, "foreign-key-added")
      .filter(({ step, migration }) => !makes(migration, step.relation.child))
      .flatMap((added) => widened(added, facts)),
};

const rank = (action: ReferentialAction | null): number =>
  action === "cascade" ? 2 : action === "set null" || action === "set default" ? 1 : 0;

function widened(added: PlacedStep<"foreign-key-added">, facts: Facts): readonly Found[] {
  const { relation } = added.step;
  const before = actionBefore(added, facts);
  if (rank(relation.onDelete) <= rank(before)) return [];
  const reached = relation.onDelete === "cascade" ? reach(relation.child, facts) : [];
  const rows = reached.map((id) => ({
    table: id,
    rows: facts.model.tables.find((t) => t.id === id)?.rowEstimate ?? null,
  }));
  const was = before === null ? "no constraint" : upper(before);
  const takes =
    relation.onDelete === "cascade"
      ? `A delete from ${relation.parent} now takes rows of ${reached.join(", ")}`
      : `A delete from ${relation.parent} now changes rows of ${relation.child}`;
  return [
    {
      object: relation.id,
      table: null,
      part: added.migration.file,
      location: added.statement.location,
      message: `${relation.id} was ${was} and becomes ${upper(relation.onDelete)}. ${takes}.`,
      evidence: { before, after: relation.onDelete, reached: rows },
      fix: {
        description: `See with \`ondelete plan ${relation.parent} …\` what that means for rows that people delete.`,
        sql: null,
      },
    },
  ];
}

/** What held before: the constraint that the migrations dropped last, else the one that the database has. */
function actionBefore(
  added: PlacedStep<"foreign-key-added">,
  { migrations, declared }: Facts,
): ReferentialAction | null {
  const { relation } = added.step;
  const dropped = stepsOfKind(migrations, "foreign-key-dropped").findLast(
    (one) => one.position <= added.position && samePairs(one.step.relation, relation),
  );
  if (dropped) return dropped.step.relation.onDelete;
  return declared.relations.find((r) => pairsOf(r) === pairsOf(relation))?.onDelete ?? null;
}

/** A table, and those that cascades reach from it, by name. */
function reach(table: TableId, { declared }: Facts): readonly TableId[] {
  const found = new Set([table]);
  for (const parent of found)
    for (const r of declared.relations)
      if (r.parent === parent && r.onDelete === "cascade") found.add(r.child);
  return [...found].toSorted();
}
