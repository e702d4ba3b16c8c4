import { type Column, columnOf } from "../../model/table.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";
import { DEPTH, type ScratchTable } from "../syntax.ts";
import { affinityOf } from "./affinity.ts";

export const scratchName = (name: string): Sql => id("temp", name);

/** The statements that make a scratch table; its index drops with it. */
export function createScratch(table: ScratchTable): readonly Sql[] {
  const create = createScratchTable(table);
  if (!table.byDepth) return [create];
  return [
    create,
    sql`create index ${scratchName(`${table.name}:depth`)} on ${id(table.name)} (${id(DEPTH)})`,
  ];
}

/**
 * Its columns have the source's affinities and collations, so that they
 * compare as the source's do. Key columns that can be null (SQLite allows it in a primary key) are only UNIQUE.
 */
function createScratchTable(table: ScratchTable): Sql {
  const columns = table.columns.map((name) => columnOf(table.source, name));
  const depth = sql`${id(DEPTH)} integer not null`;
  if (table.key.length === 0) {
    return sql`create temp table ${scratchName(table.name)} (${list([...columns.map(definition), depth])})`;
  }
  const required = table.key.every((name) => !columnOf(table.source, name).nullable);
  const key = sql`${raw(required ? "primary key" : "unique")} (${list(table.key.map((name) => id(name)))})`;
  const parts = list([...columns.map(definition), depth, key]);
  const storage = raw(required ? " without rowid" : "");
  return sql`create temp table ${scratchName(table.name)} (${parts})${storage}`;
}

function definition(column: Column): Sql {
  const affinity = affinityOf(column);
  const type = raw(affinity === "none" ? "blob" : affinity);
  return column.collation === null
    ? sql`${id(column.name)} ${type}`
    : sql`${id(column.name)} ${type} collate ${id(column.collation)}`;
}
