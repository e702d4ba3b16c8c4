import type { Kysely, Selectable } from "kysely";
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
} from "../index.ts";
import { LivePlugin, type MarkedTable } from "./live-plugin.ts";
import { targetOf } from "./rows.ts";

/** Rows of a table by the values of some of its columns, the key's or others. */
export type RowsWhere<Row> = { readonly [Column in keyof Selectable<Row>]?: Selectable<Row>[Column] };

/** A Kysely with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteKysely<Schema> {
  /** Queries that see no deleted row: not in FROM, not in a join, not in a SELECT inside another. */
  readonly live: Kysely<Schema>;
  /** Queries whose outermost SELECT sees deleted rows alone; what is joined to them may be either. */
  readonly onlyDeleted: Kysely<Schema>;
  /** The Kysely as it was given, which sees all rows. */
  readonly withDeleted: Kysely<Schema>;
  /** The verbs by their own names and for any target. */
  readonly database: Database;
  planDelete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: Omit<DeleteOptions, "soft">,
  ): Running<Outcome, Progress>;
  delete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: DeleteOptions,
  ): Running<Outcome, Progress>;
  restore(operation: string, options?: RestoreOptions): Running<RestorePlan, Progress>;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in(transaction: Kysely<Schema>): Promise<OnDeleteKysely<Schema>>;
}

export interface KyselyOptions extends Config {
  /** What the deletes go through where Kysely hides it: on SQLite the handle that its dialect was given. */
  readonly handle?: object;
}

/**
 * Soft deletes for a Kysely. Queries are changed only where they are made of `live` or `onlyDeleted`, and of those only
 * what they select.
 *
 * @throws OnDeleteError as `open`
 * @example
 * const softly = await ondelete(kysely, { tables: { projects: { softDelete: "deleted_at" } } });
 * await softly.softDelete("projects", { id: 42 });
 * await softly.live.selectFrom("projects").selectAll().execute(); // without project 42
 */
export async function ondelete<Schema>(
  kysely: Kysely<Schema>,
  options: KyselyOptions = {},
): Promise<OnDeleteKysely<Schema>> {
  const { handle, ...config } = options;
  const database = await open(handle ?? kysely, config);
  const model = await database.inspect();
  return bound({ kysely, database, model, openOn: (own) => open(handle ?? own, config) });
}

interface Bound<Schema> {
  readonly kysely: Kysely<Schema>;
  readonly database: Database;
  readonly model: ModelDocument;
  readonly openOn: (kysely: Kysely<Schema>) => Promise<Database>;
}

function bound<Schema>(all: Bound<Schema>): OnDeleteKysely<Schema> {
  const { kysely, database, model, openOn } = all;
  const marked = markedTables(model);
  return {
    live: kysely.withPlugin(new LivePlugin(marked, "live")),
    onlyDeleted: kysely.withPlugin(new LivePlugin(marked, "deleted")),
    withDeleted: kysely,
    database,
    planDelete: (table, rows, how) => database.plan(targetOf(model, table, rows), how),
    softDelete: (table, rows, how) => database.delete(targetOf(model, table, rows), { ...how, soft: true }),
    delete: (table, rows, how) => database.delete(targetOf(model, table, rows), how),
    restore: (operation, how) => database.restore(operation, how),
    in: async (transaction) => bound({ ...all, kysely: transaction, database: await openOn(transaction) }),
  };
}

function markedTables({ tables, defaultNamespace }: ModelDocument): readonly MarkedTable[] {
  return tables.flatMap(({ name, namespace, softDelete: marker, columns }): MarkedTable[] => {
    if (!marker) return [];
    const type = columns.find((c) => c.name === marker.column)?.type ?? "";
    const place = namespace === defaultNamespace ? null : namespace;
    return [{ name, namespace: place, marker, no: /bool/i.test(type) ? false : 0 }];
  });
}
