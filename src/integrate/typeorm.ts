import type { DataSource, EntityManager, EntityMetadata, EntityTarget, QueryRunner } from "typeorm";
import type { DeleteOptions, ModelDocument, Plan, PlanOptions, Target } from "../index.ts";
import { tableIdIn } from "../source/source.ts";
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
import { type ColumnValues, targetOf } from "./rows.ts";
import { type MarkOf, scoped } from "./typeorm-scope.ts";

export { type TypeormOptions, typeorm } from "../source/typeorm/typeorm.ts";

/** Rows of an entity's table by the values of some of its properties that are columns. */
export type RowsWhere<Entity> = ColumnValues<Entity>;

/** TypeORM with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteTypeorm extends OrmVerbs {
  /** Its finders, repositories and query builders see no deleted row: not in FROM, not in a join, not in a relation. */
  readonly live: EntityManager;
  /** The same, but starting from deleted rows alone; what is joined to them may be either. */
  readonly onlyDeleted: EntityManager;
  /** Sees all rows, also those that TypeORM hides by a column of its own. */
  readonly withDeleted: EntityManager;
  planDelete<Entity extends object>(
    entity: EntityTarget<Entity>,
    rows: RowsWhere<Entity>,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<Entity extends object>(
    entity: EntityTarget<Entity>,
    rows: RowsWhere<Entity>,
    options?: SoftDeleteOptions,
  ): Deleting;
  delete<Entity extends object>(
    entity: EntityTarget<Entity>,
    rows: RowsWhere<Entity>,
    options?: DeleteOptions,
  ): Deleting;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in(transaction: EntityManager | QueryRunner): Promise<OnDeleteTypeorm>;
}

/**
 * Soft deletes for a DataSource of TypeORM's, initialized, or one of its EntityManagers. An entity's delete date column
 * marks the rows of its table, where the configuration names no other marker. Queries are changed only where they are
 * made of `live`, `onlyDeleted` or `withDeleted`, and of those only what they select.
 *
 * @throws OnDeleteError as `open`
 * @example
 * const softly = await ondelete(dataSource);
 * await softly.softDelete(Project, { id: 42 });
 * await softly.live.find(Project, { relations: { runs: true } }); // without project 42
 */
export async function ondelete(
  source: DataSource | EntityManager,
  options: OrmOptions = {},
): Promise<OnDeleteTypeorm> {
  const { entityMetadatas } = sourceOf(managerOf(source));
  return bound(
    managerOf(source),
    await opened(source, options, (model) => ownMarkers(model, entityMetadatas)),
  );
}

function bound(manager: EntityManager, own: Opened): OnDeleteTypeorm {
  const { model } = own;
  const markOf: MarkOf = (table) => markedBy(model, typeof table === "string" ? table : idOf(model, table));
  return {
    ...verbsOf(own, (entity: EntityTarget<object>, rows) =>
      rowsOf(model, sourceOf(manager), { entity, rows }),
    ),
    live: scoped(manager, markOf, "live"),
    onlyDeleted: scoped(manager, markOf, "deleted"),
    withDeleted: scoped(manager, markOf, "all"),
    in: async (transaction) => bound(managerOf(transaction), await own.in(transaction)),
  };
}

const managerOf = (handle: DataSource | QueryRunner | EntityManager): EntityManager =>
  "manager" in handle ? handle.manager : handle;

/** TypeORM 0.3 calls it the connection. */
const sourceOf = (manager: EntityManager): DataSource =>
  manager.dataSource ?? (manager as unknown as { connection: DataSource }).connection;

/** The delete date columns of entities, as markers of the tables that the database has of them. */
function ownMarkers(model: ModelDocument, entities: readonly EntityMetadata[]) {
  const named = entities.flatMap((entity) => {
    const table = model.tables.find((t) => t.id === idOf(model, entity));
    const column = entity.deleteDateColumn?.databaseName;
    return table && column && !table.softDelete ? [[table.id, { softDelete: column }] as const] : [];
  });
  return Object.fromEntries(named);
}

/** Rows by the properties of an entity, values as TypeORM gives them to the driver. */
function rowsOf(
  model: ModelDocument,
  source: DataSource,
  { entity, rows }: { readonly entity: EntityTarget<object>; readonly rows: object },
): Target {
  const metadata = source.getMetadata(entity);
  const named = Object.entries(rows).map(([property, value]) => {
    const column = metadata.findColumnWithPropertyName(property);
    if (!column || value === undefined || value === null) return [property, value];
    return [column.databaseName, source.driver.preparePersistentValue(value, column)];
  });
  return targetOf(model, idOf(model, metadata), Object.fromEntries(named));
}

/** The table as ondelete names it. */
const idOf = (model: ModelDocument, { tableName, schema, database }: EntityMetadata): string =>
  tableIdIn(model, tableName, schema ?? database);
