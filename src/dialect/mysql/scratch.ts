import { columnOf, type Table } from "../../model/table.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";
import { DEPTH, type ScratchTable } from "../syntax.ts";
import type { MysqlVariant } from "./capabilities.ts";
import { isLong } from "./column-type.ts";
import { tableName } from "./table-name.ts";

const made = new WeakMap<Sql, string>();

/** A temporary table hides one of the same name, which no user has. */
export const scratch = (name: string): Sql => id(name);

/**
 * The statement that makes a scratch table; it is known to {@link scratchMadeBy}. A temporary table outlives its
 * transaction, so that a script that was run in the session has left its own; MariaDB replaces it.
 * @see https://mariadb.com/kb/en/create-table/#create-or-replace
 */
export const createScratch =
  (variant: MysqlVariant) =>
  ({ name, source, columns, key, byDepth }: ScratchTable): readonly Sql[] => {
    const held = list([...columns.map((column) => id(column)), sql`0 as ${id(DEPTH)}`]);
    const keys = [
      ...(key.length > 0 ? [keyOf(source, key)] : []),
      ...(byDepth ? [sql`key (${id(DEPTH)})`] : []),
    ];
    const definition = keys.length > 0 ? sql` (${list(keys)})` : raw("");
    const word = raw(variant === "mariadb" ? "create or replace temporary table" : "create temporary table");
    const create = sql`${word} ${scratch(name)}${definition} engine = InnoDB as select ${held} from ${tableName(source)} limit 0`;
    made.set(create, name);
    return [create];
  };

/** Long texts and blobs are indexed by their beginning, which may be the same for several rows. */
function keyOf(source: Table, key: readonly string[]): Sql {
  const columns = key.map((name) => columnOf(source, name));
  if (!columns.some(isLong)) return sql`primary key (${list(key.map((name) => id(name)))})`;
  return sql`key (${list(columns.map((c) => (isLong(c) ? sql`${id(c.name)}(191)` : id(c.name))))})`;
}

/**
 * Adds the rows of a select to a scratch table. `INSERT … SELECT` reads the latest rows, not those of the snapshot, and
 * locks them; a cursor reads as any SELECT does (measured on MariaDB 10.11). Row variable and columns cannot be
 * mistaken for each other: no table has a column of that name.
 * @see https://mariadb.com/kb/en/for/
 */
export function fillFromSnapshot(into: Sql, columns: readonly string[], select: Sql): Sql {
  const row = "ondelete:row";
  const names = list(columns.map((c) => id(c)));
  const values = list(columns.map((c) => id(row, c)));
  return sql`begin not atomic for ${id(row)} in (${select}) do insert into ${into} (${names}) values (${values}); end for; end`;
}

export const dropScratch = (names: readonly string[]): Sql =>
  sql`drop temporary table if exists ${list(names.map(scratch))}`;

/** The name of the scratch table that the statement makes; null for every other statement. */
export const scratchMadeBy = (statement: Sql): string | null => made.get(statement) ?? null;
