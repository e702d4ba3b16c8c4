import type { Migration } from "../../model/migration.ts";
import { makes, stepsOfKind } from "../migration-steps.ts";
import type { Found, Rule } from "../rule.ts";

/** A down that makes the column again does not make its values again. */
export const migrationIrreversible: Rule = {
  id: "migration-irreversible",
  severity: "warning",
  confidence: "certain",
  title: "A migration that no down takes back, or that loses what none can bring back",
  wants: "migrations",
  find: ({ migrations }) =>
    migrations.flatMap((migration) => [...losses(migration), ...withoutDown(migration, migrations)]),
};

interface Loss {
  readonly object: string;
  readonly what: string;
  readonly location: Migration["statements"][number]["location"];
}

function losses(migration: Migration): readonly Found[] {
  const file = [migration];
  const isBack = (table: string) =>
    makes(migration, table) || stepsOfKind(file, "table-renamed").some(({ step }) => step.to === table);
  const found: readonly Loss[] = [
    ...stepsOfKind(file, "table-dropped")
      .filter(({ step }) => !isBack(step.table))
      .map(({ step: { table }, statement }) => ({
        object: table,
        what: `drops ${table} with its rows`,
        ...statement,
      })),
    ...stepsOfKind(file, "column-dropped").map(({ step: { table, column }, statement }) => ({
      object: `${table}.${column}`,
      what: `drops ${table}.${column} with its values`,
      ...statement,
    })),
    ...stepsOfKind(file, "rows-removed")
      .filter(({ step }) => !makes(migration, step.table))
      .map(({ step: { table }, statement }) => ({
        object: table,
        what: `removes rows of ${table}`,
        ...statement,
      })),
  ];
  return found.map(({ object, what, location }) => ({
    object,
    table: null,
    part: `${migration.file} ${location.line}`,
    location,
    message: `The migration ${what}, which ${migration.hasDown ? "its down cannot bring back" : "nothing brings back; it has no down either"}.`,
    evidence: { down: migration.hasDown },
    fix: {
      description: "Keep a copy of what goes, or delete rows by way of ondelete, which archives them.",
      sql: null,
    },
  }));
}

/** Only where others have one: many a project goes forward alone. */
function withoutDown(migration: Migration, all: readonly Migration[]): readonly Found[] {
  const [first] = migration.statements;
  if (migration.hasDown || !first || !all.some((one) => one.hasDown)) return [];
  return [
    {
      object: migration.file,
      table: null,
      location: first.location,
      message: `The migration ${migration.file} has no down, and others have one: to take back a later one this one has to be taken back by hand.`,
      evidence: { down: false },
      fix: { description: "Write its down, also where that is only what it cannot do.", sql: null },
    },
  ];
}
