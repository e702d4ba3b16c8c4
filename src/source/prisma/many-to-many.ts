import type { SourceRelation, SourceTable } from "../../model/source.ts";
import { type SourceEngine, tableIdIn, withId } from "../source.ts";
import type { PrismaModel } from "./model.ts";
import { argument, attributeOf, type Field, fieldsOf, placeOf, textOf } from "./syntax.ts";

interface Settings {
  readonly enforcement: SourceRelation["enforcement"];
  /** The datasource's. */
  readonly provider: string | undefined;
}

/** One side of an implicit many-to-many relation. */
interface Side {
  readonly owner: PrismaModel;
  readonly field: Field;
  readonly name: string;
}

/**
 * The tables that Prisma makes for lists on both sides: `_Name` with the columns A and B, A for the model whose name
 * comes first, or in a relation of a model with itself for the field whose name does.
 *
 * @see https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations#conventions-for-relation-tables-in-implicit-m-n-relations
 */
export function joinTables(models: readonly PrismaModel[], engine: SourceEngine, settings: Settings) {
  const sides = models.flatMap((owner) =>
    fieldsOf(owner.model)
      .filter((field) => field.array && models.some(({ model }) => model.name === field.fieldType))
      .map((field): Side => ({ owner, field, name: relationName(owner, field) })),
  );
  const pairs = [...Map.groupBy(sides, pairOf).values()]
    .filter((pair) => pair.length === 2 && pair[0]?.field.fieldType === pair[1]?.owner.model.name)
    .map((pair) => pair.toSorted(inOrder) as [Side, Side]);
  const made = pairs.map((pair) => joinTable(pair, engine, settings));
  return { tables: made.map(({ table }) => table), relations: made.flatMap(({ relations }) => relations) };
}

/** Relations of other models may have the same name. */
const pairOf = ({ owner, field, name }: Side): string =>
  JSON.stringify([name, ...[owner.model.name, String(field.fieldType)].toSorted()]);

function relationName({ model }: PrismaModel, { attributes, fieldType }: Field): string {
  const given = textOf(argument(attributeOf(attributes, "relation"), "name", true));
  return given ?? [model.name, String(fieldType)].toSorted().join("To");
}

const inOrder = (one: Side, other: Side): number => {
  const key = ({ owner, field }: Side) => [owner.model.name, field.name];
  const [a, b] = [key(one), key(other)];
  const at = a[0] === b[0] ? 1 : 0;
  return (a[at] ?? "") < (b[at] ?? "") ? -1 : 1;
};

function joinTable([a, b]: readonly [Side, Side], engine: SourceEngine, { enforcement, provider }: Settings) {
  const id = tableIdIn(engine, `_${a.name}`, a.owner.namespace);
  const location = placeOf(a.owner.file, a.field);
  const key = ["A", "B"];
  // Since Prisma 6 it is a primary key, on PostgreSQL alone.
  const isPrimary = provider === "postgresql" || provider === "postgres";
  const table: SourceTable = {
    id,
    columns: key.map((name) => ({ name, nullable: false, location })),
    primaryKey: isPrimary ? key : [],
    uniqueKeys: isPrimary ? [] : [key],
    hooks: [],
    softDelete: null,
    location,
  };
  const relations = [a, b].map(({ owner, field }, i) =>
    withId({
      child: id,
      columns: [key[i] ?? ""],
      parent: owner.table.id,
      parentColumns: owner.table.primaryKey,
      onDelete: "cascade",
      onUpdate: "cascade",
      // Prisma lets nothing be written here.
      written: true,
      enforcement,
      location: placeOf(owner.file, field),
    }),
  );
  return { table, relations };
}
