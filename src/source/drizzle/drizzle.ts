import { OnDeleteError } from "../../error.ts";
import type { ReferentialAction } from "../../model/relation.ts";
import type { SourceRelation, SourceSchema, SourceTable } from "../../model/source.ts";
import { locationOf, type Region, readTexts } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import { distinctKeys, type SchemaSource, someTables, sorted, withId } from "../source.ts";
import {
  columnName,
  columnRegion,
  type DrizzleOptions,
  type DrizzleReading,
  idOf,
  relationRegion,
  tableRegion,
} from "./reading.ts";
import { applicationRelations } from "./relations.ts";
import {
  columnsOf,
  constraintsOf,
  type DrizzleColumn,
  type DrizzleForeignKey,
  type DrizzleTable,
  isRelations,
  isTable,
} from "./structure.ts";

/**
 * The tables and relations of a module that defines them with Drizzle.
 *
 * @param schema what the module exports; everything that is no table and no relations is passed over
 * @example
 * import * as schema from "./src/schema.ts";
 * export default defineConfig({ source: drizzle(schema, { file: "src/schema.ts" }) });
 */
export function drizzle(schema: object, options: DrizzleOptions = {}): SchemaSource {
  return {
    source: "drizzle",
    read: async (engine) => readSchema(schema, { engine, options, texts: await readTexts(options.file) }),
  };
}

function readSchema(schema: object, reading: DrizzleReading): SourceSchema {
  const exported = [...new Set(Object.values(schema))];
  const tables = someTables(
    "What drizzle() was given exports no table of Drizzle's",
    exported.filter(isTable),
    'Give it the module itself, `import * as schema from "./src/schema.ts"`, with the tables among its exports.',
  );
  const declared = tables.flatMap((table) => foreignKeysOf(table, reading));
  const known = exported.filter(isRelations).flatMap((one) => applicationRelations(one, reading));
  return sorted({
    source: "drizzle",
    tables: tables.map((table) => tableOf(table, reading)),
    relations: [...declared, ...known.filter((r) => !declared.some((d) => d.id === r.id))],
    cascades: [],
    ignores: ignoresIn(reading.texts),
  });
}

function tableOf(table: DrizzleTable, reading: DrizzleReading): SourceTable {
  const { primaryKeys, uniques, indexes } = constraintsOf(table);
  const columns = Object.entries(columnsOf(table));
  const named = (list: readonly Partial<DrizzleColumn>[]) =>
    list.map((c) => columnName(c as DrizzleColumn, reading));
  const primaryKey = named(
    primaryKeys[0]?.columns ?? columns.map(([, column]) => column).filter((column) => column.primary),
  );
  const unconditional = indexes.filter(
    ({ config }) => config.unique && !config.where && config.columns.every((c) => c.name !== undefined),
  );
  const place = tableRegion(table, reading);
  return {
    id: idOf(table, reading),
    columns: columns.map(([property, column]) => {
      const name = columnName(column, reading);
      const required =
        column.notNull || (reading.engine.capabilities.keysAreRequired && primaryKey.includes(name));
      return { name, nullable: !required, location: locationOf(columnRegion(place, property, column)) };
    }),
    primaryKey,
    uniqueKeys: distinctKeys([
      ...columns.filter(([, c]) => c.isUnique).map(([, c]) => named([c])),
      ...uniques.map((key) => named(key.columns)),
      ...unconditional.map(({ config }) => named(config.columns)),
    ]),
    hooks: [],
    softDelete: null,
    location: locationOf(place),
  };
}

function foreignKeysOf(table: DrizzleTable, reading: DrizzleReading): readonly SourceRelation[] {
  const { inline, foreignKeys } = constraintsOf(table);
  return [
    ...inline.map((key) => relationOf(table, key, { reading, isInline: true })),
    ...foreignKeys.map((key) => relationOf(table, key, { reading, isInline: false })),
  ];
}

function relationOf(
  table: DrizzleTable,
  { reference, onDelete, onUpdate }: DrizzleForeignKey,
  { reading, isInline }: { readonly reading: DrizzleReading; readonly isInline: boolean },
): SourceRelation {
  const { columns, foreignTable, foreignColumns } = resolved(reference, table, reading);
  const place = relationRegion(table, columns[0], reading);
  return withId({
    child: idOf(table, reading),
    columns: columns.map((c) => columnName(c, reading)),
    parent: idOf(foreignTable, reading),
    parentColumns: foreignColumns.map((c) => columnName(c, reading)),
    onDelete: (onDelete ?? "no action") as ReferentialAction,
    onUpdate: (onUpdate ?? "no action") as ReferentialAction,
    written: isWritten(onDelete, isInline ? place : null),
    enforcement: "database",
    location: locationOf(place),
  });
}

/** What a reference points to is asked when all modules are there, and may be missing all the same. */
function resolved<T>(reference: () => T, table: DrizzleTable, reading: DrizzleReading): T {
  try {
    return reference();
  } catch (cause) {
    const place = locationOf(tableRegion(table, reading));
    const at = place ? ` at ${place.file}:${place.line}` : "";
    throw new OnDeleteError(
      "source-invalid",
      `The table ${idOf(table, reading)} of the Drizzle schema${at} has a reference that leads nowhere: ${(cause as Error).message}`,
      { hint: "See that the table it names is exported and imported.", cause },
    );
  }
}

/** A "no action" may be what Drizzle for PostgreSQL puts where nothing is written, which only the text tells. */
function isWritten(onDelete: string | undefined, definition: Region | null): boolean | null {
  if (onDelete !== "no action") return onDelete !== undefined;
  if (!definition) return null;
  const text = definition.text.slice(definition.start, definition.end);
  return /\bonDelete\b/.test(text.slice(0, endOfProperty(text)));
}

/** Where the next property of an object begins, at the end of its line or of the one before. */
function endOfProperty(text: string): number {
  const next = text.slice(1).search(/\n\s*(?:[\w$]+|"[^"]*"|'[^']*')\s*:|\n\s*\}\s*[,)]/);
  return next < 0 ? text.length : next + 1;
}
