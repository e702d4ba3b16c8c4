import type { Facts } from "../facts.ts";
import { makes, type PlacedStep, stepsOfKind, together } from "../migration-steps.ts";
import type { Found, Rule } from "../rule.ts";

/** Nobody writes to either table while the engine looks at every row (E7, E16). */
export const migrationFkBlocking: Rule = {
  id: "migration-fk-blocking",
  severity: "error",
  confidence: "certain",
  title: "A foreign key that keeps writers away while it is added",
  wants: "migrations",
  notHere: ({ engine }) =>
    engine.capabilities.altersConstraints ? null : "This engine adds no constraint to a table that exists.",
  find: (facts) => {
    const added = stepsOfKind(facts.migrations, "foreign-key-added").filter(
      ({ step, migration }) => !makes(migration, step.relation.child),
    );
    const blocks = added.filter((one) => isBlocking(one, facts));
    return [
      ...blocks.map((one) => blocking(one, facts)),
      ...validatedAtOnce(added, facts),
      ...withoutTimeout(added.filter((one) => !blocks.includes(one))),
    ];
  },
};

function isBlocking(
  { step, position }: PlacedStep<"foreign-key-added">,
  { engine, migrations }: Facts,
): boolean {
  if (engine.capabilities.addsUnvalidated) return !step.notValid && !step.columnIsEmpty;
  return !stepsOfKind(migrations, "enforcement-off").some((off) => off.position < position);
}

function blocking({ step, statement, migration }: PlacedStep<"foreign-key-added">, { engine }: Facts): Found {
  const { relation } = step;
  const unvalidated = engine.capabilities.addsUnvalidated;
  const how = unvalidated
    ? `looks at every row of ${relation.child} while nobody can write to it or to ${relation.parent}`
    : `copies ${relation.child} while nobody can write to it`;
  return {
    object: relation.id,
    table: null,
    part: migration.file,
    location: statement.location,
    message: `Adding ${relation.id} ${how}, and fails at the first orphan.`,
    evidence: { action: relation.onDelete },
    fix: {
      description: unvalidated
        ? "Add it NOT VALID after `set lock_timeout`, and VALIDATE CONSTRAINT in a migration of its own."
        : "Add it when nobody writes, after a look for orphans, or in a copy of the table that takes its place.",
      sql: null,
    },
  };
}

/** The lock of ADD … NOT VALID is held until the transaction ends, and so through the look at every row. */
function validatedAtOnce(
  added: readonly PlacedStep<"foreign-key-added">[],
  { migrations }: Facts,
): readonly Found[] {
  return stepsOfKind(migrations, "constraint-validated").flatMap((validated) =>
    added
      .filter(
        (one) =>
          one.step.notValid && one.step.relation.child === validated.step.table && together(one, validated),
      )
      .map(({ step: { relation } }) => ({
        object: relation.id,
        table: null,
        part: `${validated.migration.file} validate`,
        location: validated.statement.location,
        message: `${relation.id} is validated in the transaction that adds it, whose lock keeps writers away from ${relation.child} and ${relation.parent} meanwhile: NOT VALID gains nothing.`,
        evidence: { action: relation.onDelete },
        fix: { description: "Validate it in a migration of its own.", sql: null },
      })),
  );
}

/** It has to wait for whoever is at work on either table, and all writers wait behind it; the first of a file is told. */
function withoutTimeout(added: readonly PlacedStep<"foreign-key-added">[]): readonly Found[] {
  const unlimited = added.filter(
    ({ migration, statement }) =>
      !stepsOfKind([migration], "lock-timeout-set").some(
        (one) => one.statement.location.line <= statement.location.line,
      ),
  );
  const firsts = [...Map.groupBy(unlimited, ({ migration }) => migration).values()].flatMap(
    ([one]) => one ?? [],
  );
  return firsts.map(({ step: { relation }, statement, migration }) => ({
    object: relation.id,
    table: null,
    part: `${migration.file} timeout`,
    location: statement.location,
    severity: "warning",
    message: `Adding ${relation.id} waits for every transaction that holds ${relation.child} or ${relation.parent}, without end, and all that want to write to them wait behind it.`,
    evidence: { action: relation.onDelete },
    fix: { description: "Set a lock timeout before it, and try again where it runs out.", sql: null },
  }));
}
