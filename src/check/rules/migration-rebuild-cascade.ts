import { acts } from "../action.ts";
import type { Facts } from "../facts.ts";
import { type Place, type PlacedStep, stepsOfKind } from "../migration-steps.ts";
import type { Found, Rule } from "../rule.ts";

/** The table is back under its name, and the rows that referenced it are gone (E21). */
export const migrationRebuildCascade: Rule = {
  id: "migration-rebuild-cascade",
  severity: "error",
  confidence: "certain",
  title: "A table that is rebuilt while its DROP deletes what references it",
  wants: "migrations",
  notHere: ({ engine }) =>
    engine.capabilities.dropDeletesRows ? null : "This engine drops a table without deleting its rows.",
  find: (facts) => stepsOfKind(facts.migrations, "table-dropped").flatMap((dropped) => wiped(dropped, facts)),
};

function wiped(dropped: PlacedStep<"table-dropped">, { declared }: Facts): readonly Found[] {
  const { table } = dropped.step;
  const file = [dropped.migration];
  const isBack =
    stepsOfKind(file, "table-renamed").some(({ step }) => step.to === table) ||
    stepsOfKind(file, "table-created").some(
      ({ step, statement }) => step.table === table && isBehind(statement, dropped),
    );
  const children = declared.relations.filter((r) => r.parent === table && r.child !== table && acts(r));
  if (!isBack || children.length === 0) return [];
  const off = stepsOfKind(file, "enforcement-off").filter(({ statement }) =>
    isBehind(dropped.statement, { statement }),
  );
  if (off.some(({ statement }) => !statement.inTransaction)) return [];
  const why = off[0]
    ? "The pragma that should keep that away has no effect inside a transaction"
    : "Nothing in the file switches foreign keys off before";
  const what = children
    .map((r) => `${r.child} (${r.onDelete})`)
    .toSorted()
    .join(", ");
  return [
    {
      object: table,
      table: null,
      part: dropped.migration.file,
      location: dropped.statement.location,
      message: `DROP TABLE ${table} deletes its rows first, and with foreign keys on that reaches ${what}; the table comes back, and these rows do not. ${why}.`,
      evidence: { children: children.map((r) => r.id), pragma: off[0]?.statement.location.line ?? null },
      fix: {
        description:
          "Run `PRAGMA foreign_keys = OFF` before BEGIN, outside of every transaction, and look with `PRAGMA foreign_key_check` before COMMIT.",
        sql: null,
      },
    },
  ];
}

const isBehind = (statement: Place["statement"], { statement: first }: Pick<Place, "statement">): boolean =>
  statement.location.line >= first.location.line;
