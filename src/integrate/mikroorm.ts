import type { EntityManager, EntityMetadata, EntityName, MikroORM } from "@mikro-orm/core";
import type { DeleteOptions, ModelDocument, Plan, PlanOptions, Target } from "../index.ts";
import { tableIdIn } from "../source/source.ts";
import { markedBy } from "./marked.ts";
import { deleted, forked, live } from "./mikroorm-scope.ts";
import type { MarkOf } from "./mikroorm-where.ts";
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

export { type MikroormOptions, mikroorm } from "../source/mikroorm/mikroorm.ts";

/** Rows of an entity's table by the values of some of its properties that are columns. */
export type RowsWhere<Entity> = ColumnValues<Entity>;

/** MikroORM with soft deletes: which rows its queries see, and deletes that are planned. */
export interface OnDeleteMikroorm<Em extends EntityManager> extends OrmVerbs {
  /** A new fork each time, whose finders see no deleted row: neither listed, nor joined, nor populated. */
  readonly live: Em;
  /** A new fork each time, whose finders start from deleted rows alone; what is populated may be either. */
  readonly onlyDeleted: Em;
  /** A new fork each time, which sees all rows. */
  readonly withDeleted: Em;
  planDelete<Entity extends object>(
    entity: EntityName<Entity>,
    rows: RowsWhere<Entity>,
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Marks the rows, and all that a delete would take with them, as deleted. */
  softDelete<Entity extends object>(
    entity: EntityName<Entity>,
    rows: RowsWhere<Entity>,
    options?: SoftDeleteOptions,
  ): Deleting;
  delete<Entity extends object>(
    entity: EntityName<Entity>,
    rows: RowsWhere<Entity>,
    options?: DeleteOptions,
  ): Deleting;
  /** The same inside a transaction of the application's: rolled back, nothing of it is left. */
  in(transaction: Em): Promise<OnDeleteMikroorm<Em>>;
}

/**
 * Soft deletes for MikroORM. Queries are changed only where they are made of `live` or `onlyDeleted`, and of those only
 * what they select.
 *
 * @throws OnDeleteError as `open`
 * @example
 * const softly = await ondelete(orm, { tables: { project: { softDelete: "deleted_at" } } });
 * await softly.softDelete(Project, { id: 42 });
 * await softly.live.find(Project, {}, { populate: ["runs"] }); // without project 42
 */
export async function ondelete<Em extends EntityManager>(
  orm: Em | (Pick<MikroORM, "config"> & { readonly em: Em }),
  options: OrmOptions = {},
): Promise<OnDeleteMikroorm<Em>> {
  const em = "em" in orm ? orm.em : orm;
  return bound(em, await opened(em, options));
}

function bound<Em extends EntityManager>(em: Em, own: Opened): OnDeleteMikroorm<Em> {
  const { model } = own;
  const markOf: MarkOf = (entity) => markedBy(model, idOf(model, entity));
  return {
    ...verbsOf(own, (entity: EntityName, rows) => rowsOf(model, em, { entity, rows })),
    get live() {
      return live(em, markOf);
    },
    get onlyDeleted() {
      return deleted(em, markOf);
    },
    get withDeleted() {
      return forked(em);
    },
    in: async (transaction) => bound(transaction, await own.in(transaction)),
  };
}

/** Rows by the properties of an entity, values as MikroORM gives them to the driver. */
function rowsOf(
  model: ModelDocument,
  em: EntityManager,
  { entity, rows }: { readonly entity: EntityName; readonly rows: object },
): Target {
  const metadata = em.getMetadata().get(entity);
  const named = Object.entries(rows).map(([property, value]) => {
    const found = metadata.props.find((p) => p.name === property);
    const { customType, fieldNames } = found ?? {};
    const given = value ?? null;
    const stored =
      customType && given !== null ? customType.convertToDatabaseValue(given, em.getPlatform()) : value;
    return [fieldNames?.[0] ?? property, stored];
  });
  return targetOf(model, idOf(model, metadata), Object.fromEntries(named));
}

/** The table as ondelete names it. */
const idOf = (model: ModelDocument, { tableName, schema }: EntityMetadata): string =>
  tableIdIn(model, tableName, schema === "*" ? undefined : schema);
