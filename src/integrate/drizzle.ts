import { getTableColumns, type InferSelectModel, type SQL, type Table } from "drizzle-orm";
import type { DeleteOptions, ModelDocument, Plan, PlanOptions, Target } from "../index.ts";
import { type DrizzleTable, nameOf } from "../source/drizzle/structure.ts";
import { tableIdIn } from "../source/source.ts";
import { condition, type MarkerOf, scoped } from "./drizzle-scope.ts";
import { markedBy } from "./marked.ts";
import {
  type Deleting,
  type Opened,
  type OrmOptions,
  type OrmVerbs,
  opened,
  type SoftDeleteOptions,
  verbsOf,
} from "./opened.ts";
import { targetOf } from "./rows.ts";

export { drizzle } from "../source/drizzle/drizzle.ts";
export type { DrizzleOptions } from "../source/drizzle/reading.ts";

/** Rows of a table by the values of some of its columns, the key's or others. */
export type RowsWhere<T extends Table> = Partial<InferSelectModel<T>>;

/** A Drizzle database with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteDrizzle<Db extends object> extends OrmVerbs {
  /** Its SELECTs and relational queries see no deleted row: not in FROM, not in a join, not in what `with` includes. */
  readonly live: Db;
  /** Its outermost SELECTs see deleted rows alone; what is joined to them or included may be either. */
  readonly onlyDeleted: Db;
  /** The database as it was given, which sees all rows. */
  readonly withDeleted: Db;
  /** The condition by which rows of a table are live, for queries that are built by hand; undefined where none are marked. */
  isLive(table: Table): SQL | undefined;
  isDeleted(table: Table): SQL | undefined;
  planDelete<T extends Table>(table: T, rows: RowsWhere<T>, options?: PlanOptions): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<T extends Table>(table: T, rows: RowsWhere<T>, options?: SoftDeleteOptions): Deleting;
  delete<T extends Table>(table: T, rows: RowsWhere<T>, options?: DeleteOptions): Deleting;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in<Tx extends object>(transaction: Tx): Promise<OnDeleteDrizzle<Tx>>;
}

/**
 * Soft deletes for a Drizzle database. Queries are changed only where they are made of `live` or `onlyDeleted`, and of
 * those only what they select.
 *
 * @throws OnDeleteError as `open`
 * @example
 * const softly = await ondelete(db, { tables: { projects: { softDelete: "deleted_at" } } });
 * await softly.softDelete(projects, { id: 42 });
 * await softly.live.query.projects.findMany({ with: { runs: true } }); // without project 42
 */
export async function ondelete<Db extends object>(
  db: Db,
  options: OrmOptions = {},
): Promise<OnDeleteDrizzle<Db>> {
  return bound(db, await opened(db, options));
}

function bound<Db extends object>(db: Db, own: Opened): OnDeleteDrizzle<Db> {
  const { model } = own;
  const markerOf: MarkerOf = (table) => markedBy(model, idOf(model, table));
  return {
    ...verbsOf(own, (table: Table, rows) => rowsOf(model, table, rows)),
    live: scoped(db, markerOf, "live"),
    onlyDeleted: scoped(db, markerOf, "deleted"),
    withDeleted: db,
    isLive: (table) => condition(markerOf, table, "live"),
    isDeleted: (table) => condition(markerOf, table, "deleted"),
    in: async (transaction) => bound(transaction, await own.in(transaction)),
  };
}

/** Rows by the properties of a Drizzle table, values as its columns give them to the driver. */
function rowsOf(model: ModelDocument, table: Table, rows: object): Target {
  const columns = getTableColumns(table);
  const named = Object.entries(rows).map(([property, value]) => {
    const column = columns[property];
    return [column?.name ?? property, column && value != null ? column.mapToDriverValue(value) : value];
  });
  return targetOf(model, idOf(model, table), Object.fromEntries(named));
}

/** The table as ondelete names it, whatever alias a query gives it. */
function idOf(model: ModelDocument, table: Table): string {
  const { name, schema } = nameOf(table as object as DrizzleTable);
  return tableIdIn(model, name, schema);
}
