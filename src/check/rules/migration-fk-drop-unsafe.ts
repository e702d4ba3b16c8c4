import type { Facts } from "../facts.ts";
import { type Place, type PlacedStep, samePairs, stepsOfKind, together } from "../migration-steps.ts";
import type { Found, Rule } from "../rule.ts";

/** Between the two nothing keeps orphans away; and where it is not made anew, never again. */
export const migrationFkDropUnsafe: Rule = {
  id: "migration-fk-drop-unsafe",
  severity: "warning",
  confidence: "certain",
  title: "A foreign key that is dropped, for a while or for good",
  wants: "migrations",
  find: (facts) =>
    stepsOfKind(facts.migrations, "foreign-key-dropped").flatMap((dropped) => unguarded(dropped, facts)),
};

function unguarded(
  dropped: PlacedStep<"foreign-key-dropped">,
  { engine, migrations }: Facts,
): readonly Found[] {
  const { relation } = dropped.step;
  const again = stepsOfKind(migrations, "foreign-key-added").filter(({ step }) =>
    samePairs(step.relation, relation),
  );
  const isAtOnce = (one: Place): boolean =>
    one.position === dropped.position || (engine.capabilities.transactionalDdl && together(one, dropped));
  if (again.some(isAtOnce)) return [];
  const later = again.find((one) => one.position > dropped.position);
  const where = later && `${later.statement.location.file}:${later.statement.location.line}`;
  const what = where
    ? `is made anew only in ${where}, in another transaction: what is deleted or written in between can leave orphans`
    : `is not made anew: from here on a delete from ${relation.parent} leaves the rows of ${relation.child} behind`;
  return [
    {
      object: relation.id,
      table: null,
      part: dropped.migration.file,
      location: dropped.statement.location,
      message: `${relation.id} is dropped and ${what}.`,
      evidence: { action: relation.onDelete, again: where ?? null },
      fix: {
        description: where
          ? "Drop and add in one ALTER TABLE, the new constraint under another name."
          : "If that is meant, give ondelete a policy for the relation.",
        sql: null,
      },
    },
  ];
}
