import { OnDeleteError } from "../../error.ts";
import type { SourceSchema, SourceTable } from "../../model/source.ts";
import type { TableId } from "../../model/table.ts";
import { classesIn } from "../classes.ts";
import { type Files, readTexts } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import { distinctKeys, type SchemaSource, sorted, tableIdIn } from "../source.ts";
import { cascadesOf, hooksOf } from "./cascades.ts";
import { markerOf } from "./filters.ts";
import { idOf, type MikroormReading } from "./reading.ts";
import { applicationRelations, foreignKeysOf } from "./relations.ts";
import type { Mikroorm, MikroormSubscriber, MikroormTable } from "./structure.ts";

export interface MikroormOptions {
  /** Where the entities are written, so that findings can say the line. */
  readonly file?: Files;
}

/**
 * The entities of a MikroORM with a SQL driver, after `MikroORM.init`.
 *
 * @param orm as `MikroORM.init` returns it
 * @example
 * export default defineConfig({ source: mikroorm(orm, { file: ["src/entities/project.ts"] }) });
 */
export function mikroorm(orm: object, options: MikroormOptions = {}): SchemaSource {
  return {
    source: "mikroorm",
    read: async (engine) => {
      const source = orm as Mikroorm;
      if (typeof source.getMetadata !== "function")
        throw new OnDeleteError("source-invalid", "What mikroorm() was given is no MikroORM.", {
          hint: "Give it what MikroORM.init returns, awaited.",
        });
      const entities = [...source.getMetadata().getAll()].map(([, entity]) => entity);
      const texts = await readTexts(options.file);
      const { config } = source;
      return readSchema(source, {
        engine,
        entities,
        schema: config.get("schema"),
        filters: Object.values(config.get("filters")),
        texts,
        classes: classesIn(texts),
      });
    },
  };
}

function readSchema(orm: Mikroorm, reading: MikroormReading): SourceSchema {
  const subscribers = [...orm.em.getEventManager().getSubscribers()];
  const tables = orm.schema.getTargetSchema().getTables();
  const ids = tables.map((table) => tableIdIn(reading.engine, table.name, table.schema));
  const none = orm.config.get("schemaGenerator").createForeignKeyConstraints === false;
  const declared = none ? [] : tables.flatMap((table, i) => foreignKeysOf(table, ids[i] ?? "", reading));
  const known = applicationRelations(reading, none);
  return sorted({
    source: "mikroorm",
    tables: tables.map((table, i) => tableOf(table, ids[i] ?? "", { ...reading, subscribers })),
    // Children in one table with their parent share its relations.
    relations: [...new Map([...known, ...declared].map((r) => [r.id, r])).values()],
    ignores: ignoresIn(reading.texts),
    cascades: [
      ...new Map(
        reading.entities.flatMap((e) => cascadesOf(e, reading)).map((c) => [c.relation.id + c.text, c]),
      ).values(),
    ],
  });
}

function tableOf(
  table: MikroormTable,
  id: TableId,
  reading: MikroormReading & { readonly subscribers: readonly MikroormSubscriber[] },
): SourceTable {
  const { engine, classes, entities, subscribers } = reading;
  const own = entities.filter((entity) => idOf(entity, reading) === id);
  const primaryKey = table.getPrimaryKey()?.columnNames ?? [];
  const unique = table.getIndexes().filter((i) => i.unique && !i.primary && !i.expression && !i.where);
  const columns = table.getColumns();
  const marker = markerOf(own, reading);
  const required = (name: string) => engine.capabilities.keysAreRequired && primaryKey.includes(name);
  return {
    id,
    columns: columns.map(({ name, nullable }) => {
      const entity = own.find((e) => e.props.some((p) => p.fieldNames?.includes(name)));
      const property = entity?.props.find((p) => p.fieldNames?.includes(name));
      return {
        name,
        nullable: nullable === true && !required(name),
        location: entity && property ? classes.member(entity.className, property.name) : null,
      };
    }),
    primaryKey,
    uniqueKeys: distinctKeys(unique.map((index) => index.columnNames)),
    hooks: own.flatMap((entity) => hooksOf(entity, subscribers, reading)),
    softDelete: columns.some((c) => c.name === marker) ? marker : null,
    location: own[0] ? classes.of(own[0].className) : null,
  };
}
