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

/** What a soft delete is told beside its rows. */
export type SoftDeleteOptions = Omit<DeleteOptions, "soft">;
export type Deleting = Running<Outcome, Progress>;

export interface OrmOptions extends Config {
  /** What the deletes go through where the ORM does not show it: on SQLite the handle that its driver was given. */
  readonly handle?: object;
}

/** What is the same whatever names rows. */
export interface OrmVerbs {
  /** The verbs by their own names and for any target. */
  readonly database: Database;
  restore(operation: string, options?: RestoreOptions): Running<RestorePlan, Progress>;
}

type Tables = NonNullable<Config["tables"]>;

/** ondelete on an ORM's handle. */
export interface Opened {
  readonly database: Database;
  readonly model: ModelDocument;
  /** The same on a transaction of the ORM's. */
  in(transaction: object): Promise<Opened>;
}

/**
 * @param markers what the ORM's own schema says about tables of the model, which the configuration may say otherwise
 * @throws OnDeleteError as `open`
 */
export async function opened(
  orm: object,
  { handle, ...given }: OrmOptions,
  markers?: (model: ModelDocument) => Tables,
): Promise<Opened> {
  const first = await open(handle ?? orm, given);
  const own = markers ? markers(await first.inspect()) : {};
  const config = { ...given, tables: merged(own, given.tables ?? {}) };
  const on = (transaction: object) => open(handle ?? transaction, config);
  const database = await on(orm);
  const model = await database.inspect();
  const within = (db: Database): Opened => ({
    database: db,
    model,
    in: async (transaction) => within(await on(transaction)),
  });
  return within(database);
}

function merged(own: Tables, given: Tables): Tables {
  const entries = Object.entries(own).map(([table, entry]) => [table, { ...entry, ...given[table] }]);
  return { ...given, ...Object.fromEntries(entries) };
}

/** The verbs for rows as an ORM names them. */
export function verbsOf<Table>(
  { database }: Opened,
  target: (table: Table, rows: object) => Target,
): OrmVerbs & {
  planDelete(table: Table, rows: object, options?: PlanOptions): Promise<Plan>;
  softDelete(table: Table, rows: object, options?: SoftDeleteOptions): Deleting;
  delete(table: Table, rows: object, options?: DeleteOptions): Deleting;
} {
  return {
    database,
    planDelete: async (table, rows, how) => database.plan(target(table, rows), how),
    softDelete: (table, rows, how) => database.delete(target(table, rows), { ...how, soft: true }),
    delete: (table, rows, how) => database.delete(target(table, rows), how),
    restore: (operation, how) => database.restore(operation, how),
  };
}
