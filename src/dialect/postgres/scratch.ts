import { id, list, type Sql, sql } from "../sql.ts";
import { DEPTH, type ScratchTable } from "../syntax.ts";
import { tableName } from "./table-name.ts";

const depth = id(DEPTH);
const made = new WeakMap<Sql, string>();

export const scratch = (name: string): Sql => id("pg_temp", name);

/** Statements that make a scratch table; the first is known to {@link scratchMadeBy}. */
export function createScratch({ name, source, columns, key, byDepth }: ScratchTable): readonly Sql[] {
  const keyColumns = list(key.map((column) => id(column)));
  const nullable = key.some((column) => source.columns.find((c) => c.name === column)?.nullable ?? true);
  const held = list([...columns.map((column) => id(column)), sql`0::integer as ${depth}`]);
  const create = sql`create temporary table ${id(name)} on commit drop as select ${held} from ${tableName(source)} where false`;
  made.set(create, name);
  const index = nullable
    ? sql`create unique index on ${scratch(name)} (${keyColumns})`
    : sql`alter table ${scratch(name)} add primary key (${keyColumns})`;
  return [
    create,
    ...(key.length > 0 ? [index] : []),
    ...(byDepth ? [sql`create index on ${scratch(name)} (${depth})`] : []),
  ];
}

export const dropScratch = (name: string): Sql => sql`drop table if exists ${scratch(name)}`;

/** The name of the scratch table that the statement makes; null for every other statement. */
export const scratchMadeBy = (statement: Sql): string | null => made.get(statement) ?? null;
