import type { MigratedRelation, Migration, MigrationStatement, MigrationStep } from "../model/migration.ts";
import { pairsOf } from "../model/relation.ts";
import type { TableId } from "../model/table.ts";

/** A step, and where it stands. */
export interface PlacedStep<Kind extends MigrationStep["kind"]> extends Place {
  readonly step: Extract<MigrationStep, { readonly kind: Kind }>;
}

export interface Place {
  readonly statement: MigrationStatement;
  /** Position of the statement among all, from 0. */
  readonly position: number;
  readonly migration: Migration;
}

/** The steps of one kind, in the order in which they run. */
export function stepsOfKind<Kind extends MigrationStep["kind"]>(
  migrations: readonly Migration[],
  kind: Kind,
): readonly PlacedStep<Kind>[] {
  let position = 0;
  return migrations.flatMap((migration) =>
    migration.statements.flatMap((statement) => {
      const at = position++;
      return statement.steps
        .filter((step): step is Extract<MigrationStep, { kind: Kind }> => step.kind === kind)
        .map((step) => ({ step, statement, position: at, migration }));
    }),
  );
}

/** Whether a file makes a table itself, which nobody has used then. */
export const makes = (migration: Migration, table: TableId): boolean =>
  stepsOfKind([migration], "table-created").some(({ step }) => step.table === table);

export const samePairs = (a: MigratedRelation, b: MigratedRelation): boolean => pairsOf(a) === pairsOf(b);

/** Whether two statements take effect together or not at all. */
export const together = (a: Place, b: Place): boolean =>
  a.position === b.position ||
  (a.migration === b.migration &&
    a.statement.inTransaction &&
    a.statement.transaction === b.statement.transaction);
