import type { SourceTable } from "../../model/source.ts";
import { distinctKeys, type SourceEngine, tableIdIn } from "../source.ts";
import {
  argument,
  attributeOf,
  blockAttributes,
  type Field,
  fieldsOf,
  type Model,
  mapped,
  namesOf,
  type Placed,
  placeOf,
  textOf,
} from "./syntax.ts";

/** A model with what relations to it need to know. */
export interface PrismaModel {
  readonly model: Model;
  readonly file: string;
  readonly namespace: string | undefined;
  readonly table: SourceTable;
  readonly scalars: readonly PrismaScalar[];
}

/** Since Prisma 7.4 a unique index may have a condition, `where`, and is no key then. */
const holdsForAll = (attribute: Parameters<typeof argument>[0]): boolean =>
  attribute !== undefined && argument(attribute, "where", false) === undefined;

/** A field that is a column. */
export interface PrismaScalar {
  readonly name: string;
  readonly column: string;
  readonly optional: boolean;
}

export function modelOf(
  { block: model, file }: Placed<Model>,
  /** Models and views. */
  related: ReadonlySet<string>,
  engine: SourceEngine,
): PrismaModel {
  const own = blockAttributes(model);
  const namespace = textOf(argument(attributeOf(own, "schema"), "map", true));
  const scalars = fieldsOf(model).filter((f) => typeof f.fieldType !== "string" || !related.has(f.fieldType));
  const columns = new Map(scalars.map((field) => [field.name, mapped(field.attributes, field.name)]));
  const inTable = (names: readonly string[]) => names.map((name) => columns.get(name) ?? name);
  const single = (attribute: string) =>
    scalars.filter((f) => holdsForAll(attributeOf(f.attributes, attribute)));
  const composite = (attribute: string) =>
    own
      .filter((a) => a.name === attribute && holdsForAll(a))
      .map((a) => inTable(namesOf(argument(a, "fields", true))));
  const primaryKey = single("id").map((f) => inTable([f.name]))[0] ?? composite("id")[0] ?? [];
  const required = (field: Field) =>
    primaryKey.includes(columns.get(field.name) ?? "") || !(field.optional || field.array);
  const table: SourceTable = {
    id: tableIdIn(engine, mapped(own, model.name), namespace),
    columns: scalars.map((field) => ({
      name: columns.get(field.name) ?? field.name,
      nullable: !required(field),
      location: placeOf(file, field),
    })),
    primaryKey,
    uniqueKeys: distinctKeys([...single("unique").map((f) => inTable([f.name])), ...composite("unique")]),
    hooks: [],
    softDelete: null,
    location: placeOf(file, model),
  };
  const known = scalars.map((f) => ({
    name: f.name,
    column: columns.get(f.name) ?? f.name,
    optional: !required(f),
  }));
  return { model, file, namespace, table, scalars: known };
}
