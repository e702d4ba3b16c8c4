import { OnDeleteError } from "../../error.ts";
import type { SourceSchema, SourceTable } from "../../model/source.ts";
import { classesIn } from "../classes.ts";
import { type Files, readTexts } from "../definitions.ts";
import { ignoresIn } from "../ignores.ts";
import { distinctKeys, type SchemaSource, someTables, sorted } from "../source.ts";
import { cascadesOf } from "./cascades.ts";
import { hooksOf } from "./hooks.ts";
import { idOf, namesOf, type TypeormReading } from "./reading.ts";
import { applicationRelations, foreignKeysOf } from "./relations.ts";
import type { TypeormDataSource, TypeormEntity, TypeormIndex } from "./structure.ts";

export interface TypeormOptions {
  /** Where the entities are written, so that findings can say the line. */
  readonly file?: Files;
}

/**
 * The entities of a DataSource of TypeORM's; it need not be initialized, and is not connected.
 *
 * @example
 * export default defineConfig({ source: typeorm(dataSource, { file: ["src/project.entity.ts"] }) });
 */
export function typeorm(dataSource: object, options: TypeormOptions = {}): SchemaSource {
  return {
    source: "typeorm",
    read: async (engine) => {
      const source = dataSource as TypeormDataSource;
      if (!Array.isArray(source.entityMetadatas))
        throw new OnDeleteError("source-invalid", "What typeorm() was given is no DataSource.", {
          hint: "Give it the DataSource of the application, awaited where a function makes it.",
        });
      await buildMetadata(source);
      const texts = await readTexts(options.file);
      return readSchema(source, { engine, texts, classes: classesIn(texts) });
    },
  };
}

/** TypeORM builds it before it connects; that step alone is its own method, though not a public one. */
async function buildMetadata(source: TypeormDataSource): Promise<void> {
  if (source.isInitialized || source.entityMetadatas.length > 0) return;
  try {
    await (source as unknown as { buildMetadatas(): Promise<void> }).buildMetadatas();
  } catch (cause) {
    throw new OnDeleteError(
      "source-invalid",
      `TypeORM cannot read the entities of the DataSource: ${(cause as Error).message}`,
      { hint: "The application itself could not start with them.", cause },
    );
  }
}

function readSchema(
  { entityMetadatas, subscribers }: TypeormDataSource,
  reading: TypeormReading,
): SourceSchema {
  const stored = someTables(
    "The DataSource of TypeORM has no entity with a table",
    entityMetadatas.filter((entity) => entity.tableType !== "view"),
    "Look at its `entities`: a pattern is relative to the folder that the command runs in.",
  );
  const byTable = Map.groupBy(stored, (entity) => idOf(entity, reading));
  const declared = stored.flatMap((entity) => foreignKeysOf(entity, reading));
  const known = stored.flatMap((entity) => applicationRelations(entity, reading));
  return sorted({
    source: "typeorm",
    tables: [...byTable].map(([id, entities]) => ({
      ...tableOf(id, entities, reading),
      hooks: entities.flatMap((entity) => hooksOf(entity, subscribers, reading)),
    })),
    // Children in one table with their parent share its relations.
    relations: [...new Map([...declared, ...known].map((r) => [r.id, r])).values()],
    ignores: ignoresIn(reading.texts),
    cascades: stored.flatMap((entity) => cascadesOf(entity, reading)),
  });
}

/** Entities of one table are a parent and its children, of which the parent has all columns. */
function tableOf(
  id: string,
  entities: readonly TypeormEntity[],
  { classes, engine }: TypeormReading,
): Omit<SourceTable, "hooks"> {
  const [entity] = entities.toSorted((a, b) => b.columns.length - a.columns.length) as [TypeormEntity];
  const root = entities.find((e) => e.tableType !== "entity-child") ?? entity;
  const primaryKey = namesOf(root.primaryColumns);
  const unique = entities.flatMap((e) => [...e.uniques, ...e.indices.filter(isKey)]);
  const columns = root.columns.filter((column) => !column.isVirtualProperty);
  return {
    id,
    columns: columns.map((column) => {
      const name = column.databaseName;
      const required = engine.capabilities.keysAreRequired && primaryKey.includes(name);
      return {
        name,
        nullable: column.isNullable && !required,
        location: classes.member(root.name, column.propertyPath),
      };
    }),
    primaryKey,
    uniqueKeys: distinctKeys(unique.map(({ columns: of }) => namesOf(of))),
    softDelete: root.deleteDateColumn?.databaseName ?? null,
    location: classes.of(root.name),
  };
}

/** Unique for all rows, and made by TypeORM. */
const isKey = ({ isUnique, where, synchronize }: TypeormIndex): boolean => isUnique && !where && synchronize;
