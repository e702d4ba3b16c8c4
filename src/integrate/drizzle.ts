import { getTableColumns, type InferSelectModel, type SQL, type Table } from "drizzle-orm";
import {
  type Config,
  type Database,
  type DeleteOptions,
  type ModelDocument,
  type Outcome,
  open,
  type Plan,
  type PlanOptions,
  type Progress,
  type RestoreOptions,
  type RestorePlan,
  type Running,
  type Target,
} from "../index.ts";
import { condition, type MarkerOf, scoped } from "./drizzle-scope.ts";
import { targetOf } from "./rows.ts";

/** Rows of a table by the values of some of its columns, the key's or others. */
export type RowsWhere<T extends Table> = Partial<InferSelectModel<T>>;

/** A Drizzle database with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteDrizzle<Db extends object> {
  /** Its SELECTs and relational queries see no deleted row: not in FROM, not in a join, not in what `with` includes. */
  readonly live: Db;
  /** Its outermost SELECTs see deleted rows alone; what is joined to them or included may be either. */
  readonly onlyDeleted: Db;
  /** The database as it was given, which sees all rows. */
  readonly withDeleted: Db;
  /** The condition by which rows of a table are live, for queries that are built by hand; undefined where none are marked. */
  isLive(table: Table): SQL | undefined;
  isDeleted(table: Table): SQL | undefined;
  /** The verbs by their own names and for any target. */
  readonly database: Database;
  planDelete<T extends Table>(table: T, rows: RowsWhere<T>, options?: PlanOptions): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<T extends Table>(
    table: T,
    rows: RowsWhere<T>,
    options?: Omit<DeleteOptions, "soft">,
  ): Running<Outcome, Progress>;
  delete<T extends Table>(table: T, rows: RowsWhere<T>, options?: DeleteOptions): Running<Outcome, Progress>;
  restore(operation: string, options?: RestoreOptions): Running<RestorePlan, Progress>;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in<Tx extends object>(transaction: Tx): Promise<OnDeleteDrizzle<Tx>>;
}

export interface DrizzleOptions extends Config {
  /** What the deletes go through where Drizzle's driver is none that ondelete knows: on SQLite a DatabaseSync. */
  readonly handle?: object;
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
  options: DrizzleOptions = {},
): Promise<OnDeleteDrizzle<Db>> {
  const { handle, ...config } = options;
  const database = await open(handle ?? db, config);
  const model = await database.inspect();
  return bound(db, { database, model, openOn: (own) => open(handle ?? own, config) });
}

interface Bound {
  readonly database: Database;
  readonly model: ModelDocument;
  readonly openOn: (db: object) => Promise<Database>;
}

function bound<Db extends object>(db: Db, all: Bound): OnDeleteDrizzle<Db> {
  const { database, model, openOn } = all;
  const markerOf: MarkerOf = (table) =>
    model.tables.find((t) => t.id === idOf(model, table))?.softDelete ?? null;
  const target = <T extends Table>(table: T, rows: RowsWhere<T>): Target => {
    const columns = getTableColumns(table);
    const named = Object.entries(rows).map(([property, value]) => {
      const column = columns[property];
      return [column?.name ?? property, column && value != null ? column.mapToDriverValue(value) : value];
    });
    return targetOf(model, idOf(model, table), Object.fromEntries(named));
  };
  return {
    live: scoped(db, markerOf, "live"),
    onlyDeleted: scoped(db, markerOf, "deleted"),
    withDeleted: db,
    isLive: (table) => condition(markerOf, table, "live"),
    isDeleted: (table) => condition(markerOf, table, "deleted"),
    database,
    planDelete: async (table, rows, how) => database.plan(target(table, rows), how),
    softDelete: (table, rows, how) => database.delete(target(table, rows), { ...how, soft: true }),
    delete: (table, rows, how) => database.delete(target(table, rows), how),
    restore: (operation, how) => database.restore(operation, how),
    in: async (transaction) => bound(transaction, { ...all, database: await openOn(transaction) }),
  };
}

/** Drizzle keeps names under symbols that are the same in all of its copies. */
const NAME = Symbol.for("drizzle:OriginalName");
const SCHEMA = Symbol.for("drizzle:Schema");

/** The table as ondelete names it, whatever alias a query gives it. */
function idOf({ defaultNamespace }: ModelDocument, table: Table): string {
  const { [NAME]: name, [SCHEMA]: schema } = table as unknown as Record<symbol, string | undefined>;
  return schema === undefined || schema === defaultNamespace ? `${name}` : `${schema}.${name}`;
}
