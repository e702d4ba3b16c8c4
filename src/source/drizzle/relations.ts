import type { SourceRelation } from "../../model/source.ts";
import { locationOf } from "../definitions.ts";
import { withId } from "../source.ts";
import { columnName, type DrizzleReading, idOf, relationRegion } from "./reading.ts";
import type { DrizzleColumn, DrizzleRelations, DrizzleTable } from "./structure.ts";

/** What `one(…)` and `many(…)` return in the place of Drizzle's own; the referencing side alone has columns. */
interface Told {
  readonly columns: {
    readonly parent: DrizzleTable;
    readonly fields: readonly DrizzleColumn[];
    readonly references: readonly DrizzleColumn[];
  } | null;
  /** Drizzle calls it on each. */
  withFieldName(): Told;
}

/** The relations that `relations()` tells queries of. */
export function applicationRelations(
  { table, config }: DrizzleRelations,
  reading: DrizzleReading,
): readonly SourceRelation[] {
  const found = Object.values(config({ one, many: () => told(null) })) as readonly Told[];
  return found
    .map(({ columns }) => columns)
    .filter((columns) => columns !== null)
    .map(({ parent, fields, references }) =>
      withId({
        child: idOf(table, reading),
        columns: fields.map((c) => columnName(c, reading)),
        parent: idOf(parent, reading),
        parentColumns: references.map((c) => columnName(c, reading)),
        onDelete: "no action",
        onUpdate: "no action",
        written: null,
        enforcement: "application",
        location: locationOf(relationRegion(table, fields[0], reading)),
      }),
    );
}

function told(columns: Told["columns"]): Told {
  const relation: Told = { columns, withFieldName: () => relation };
  return relation;
}

function one(
  parent: DrizzleTable,
  {
    fields,
    references,
  }: { readonly fields?: readonly DrizzleColumn[]; readonly references?: readonly DrizzleColumn[] } = {},
): Told {
  return told(fields && references ? { parent, fields, references } : null);
}
