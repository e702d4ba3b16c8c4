import type { TableId } from "../../model/table.ts";
import type { Classes } from "../classes.ts";
import type { SourceText } from "../definitions.ts";
import { type SourceEngine, tableIdIn } from "../source.ts";
import type { TypeormColumn, TypeormEntity } from "./structure.ts";

/** What entities are read with. */
export interface TypeormReading {
  readonly engine: SourceEngine;
  readonly texts: readonly SourceText[];
  readonly classes: Classes;
}

/** MySQL's schemas are databases. */
export const idOf = ({ tableName, schema, database }: TypeormEntity, { engine }: TypeormReading): TableId =>
  tableIdIn(engine, tableName, schema ?? database);

export const namesOf = (columns: readonly TypeormColumn[]): readonly string[] =>
  columns.map((c) => c.databaseName);
