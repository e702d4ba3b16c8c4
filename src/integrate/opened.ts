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

/** ondelete on an ORM's handle. */
export interface Opened {
  readonly database: Database;
  readonly model: ModelDocument;
  /** The same on a transaction of the ORM's. */
  in(transaction: object): Promise<Opened>;
}

/** @throws OnDeleteError as `open` */
export async function opened(orm: object, { handle, ...config }: OrmOptions): Promise<Opened> {
  const on = (own: object) => open(handle ?? own, config);
  const database = await on(orm);
  const model = await database.inspect();
  const within = (db: Database): Opened => ({
    database: db,
    model,
    in: async (transaction) => within(await on(transaction)),
  });
  return within(database);
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
