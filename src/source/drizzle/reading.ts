import type { TableId } from "../../model/table.ts";
import { literally } from "../../std/literally.ts";
import { type Files, type Region, regionIn, regionOf, type SourceText } from "../definitions.ts";
import { type SourceEngine, tableIdIn } from "../source.ts";
import { columnsOf, type DrizzleColumn, type DrizzleTable, nameOf } from "./structure.ts";

export interface DrizzleOptions {
  /** Where the schema is written, so that findings can say the line. */
  readonly file?: Files;
  /** As `casing` of drizzle-kit's configuration. */
  readonly casing?: "snake_case" | "camelCase";
}

/** What a schema is read with. */
export interface DrizzleReading {
  readonly engine: SourceEngine;
  readonly options: DrizzleOptions;
  readonly texts: readonly SourceText[];
}

export const idOf = (table: DrizzleTable, { engine }: DrizzleReading): TableId =>
  tableIdIn(engine, nameOf(table).name, nameOf(table).schema);

/** The name that the database has for a column. */
export function columnName({ name, keyAsName }: DrizzleColumn, { options }: DrizzleReading): string {
  if (!keyAsName || !options.casing) return name;
  const words = name.replace(/['\u2019]/g, "").match(/[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+/g) ?? [];
  const lower = words.map((word) => word.toLowerCase());
  if (options.casing === "snake_case") return lower.join("_");
  return words.map((w, i) => (i === 0 ? lower[0] : `${w[0]?.toUpperCase()}${w.slice(1)}`)).join("");
}

/** `pgTable("notes"`, also of a schema, `audit.table("notes"`, and of an application's own function for tables. */
const DEFINITION = String.raw`\b\w*[tT]able\w*\(\s*["'\`]`;

/** The definition of a table. */
export const tableRegion = (table: DrizzleTable, { texts }: DrizzleReading): Region | null =>
  regionOf(
    texts,
    new RegExp(String.raw`(?<=^|\n)[^\n]*${DEFINITION}${literally(nameOf(table).name)}["'\`]`),
    new RegExp(String.raw`\n[^\n]*${DEFINITION}|\n[^\n]*\brelations\(`),
  );

/** The definition of a column, and what follows it in its table's. */
export function columnRegion(
  place: Region | null,
  property: string,
  { name, keyAsName }: DrizzleColumn,
): Region | null {
  const key = String.raw`(?<=[\n{,])\s*["']?${literally(property)}["']?\s*:`;
  const column = String.raw`(?<=\n)[^\n]*\(\s*["'\`]${literally(name)}["'\`]`;
  return regionIn(place, new RegExp(keyAsName ? key : `${key}|${column}`));
}

/** The definition of a relation's first column, and what follows; the table's where it has no line of its own. */
export function relationRegion(
  table: DrizzleTable,
  first: DrizzleColumn | undefined,
  reading: DrizzleReading,
): Region | null {
  const place = tableRegion(table, reading);
  const property = Object.entries(columnsOf(table)).find(([, column]) => column.name === first?.name);
  return (property && columnRegion(place, ...property)) ?? place;
}
