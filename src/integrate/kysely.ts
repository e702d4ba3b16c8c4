import type { Kysely, Selectable } from "kysely";
import type { DeleteOptions, ModelDocument, Plan, PlanOptions } from "../index.ts";
import { LivePlugin, type MarkedTable } from "./live-plugin.ts";
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

/** Rows of a table by the values of some of its columns, the key's or others. */
export type RowsWhere<Row> = { readonly [Column in keyof Selectable<Row>]?: Selectable<Row>[Column] };

/** A Kysely with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteKysely<Schema> extends OrmVerbs {
  /** Queries that see no deleted row: not in FROM, not in a join, not in a SELECT inside another. */
  readonly live: Kysely<Schema>;
  /** Queries whose outermost SELECT sees deleted rows alone; what is joined to them may be either. */
  readonly onlyDeleted: Kysely<Schema>;
  /** The Kysely as it was given, which sees all rows. */
  readonly withDeleted: Kysely<Schema>;
  planDelete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: SoftDeleteOptions,
  ): Deleting;
  delete<Table extends keyof Schema & string>(
    table: Table,
    rows: RowsWhere<Schema[Table]>,
    options?: DeleteOptions,
  ): Deleting;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in(transaction: Kysely<Schema>): Promise<OnDeleteKysely<Schema>>;
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
  options: OrmOptions = {},
): Promise<OnDeleteKysely<Schema>> {
  return bound(kysely, await opened(kysely, options));
}

function bound<Schema>(kysely: Kysely<Schema>, own: Opened): OnDeleteKysely<Schema> {
  const marked = markedTables(own.model);
  return {
    ...verbsOf(own, (table: string, rows) => targetOf(own.model, table, rows)),
    live: kysely.withPlugin(new LivePlugin(marked, "live")),
    onlyDeleted: kysely.withPlugin(new LivePlugin(marked, "deleted")),
    withDeleted: kysely,
    in: async (transaction) => bound(transaction, await own.in(transaction)),
  };
}

function markedTables(model: ModelDocument): readonly MarkedTable[] {
  const { tables, defaultNamespace } = model;
  return tables.flatMap(({ id, name, namespace }): MarkedTable[] => {
    const marker = markedBy(model, id);
    return marker ? [{ name, namespace: namespace === defaultNamespace ? null : namespace, marker }] : [];
  });
}
