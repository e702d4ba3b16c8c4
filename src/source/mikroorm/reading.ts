import type { TableId } from "../../model/table.ts";
import type { Classes } from "../classes.ts";
import type { SourceText } from "../definitions.ts";
import { type SourceEngine, tableIdIn } from "../source.ts";
import type { MikroormEntity, MikroormFilter, MikroormProperty } from "./structure.ts";

/** What entities are read with. */
export interface MikroormReading {
  readonly engine: SourceEngine;
  readonly texts: readonly SourceText[];
  readonly classes: Classes;
  readonly entities: readonly MikroormEntity[];
  /** The schema of entities that name none, by the configuration. */
  readonly schema: string | undefined;
  /** Those of the configuration. */
  readonly filters: readonly MikroormFilter[];
}

/** Whether an application means this entity by a class, a name, or a schema. */
export const isOf = ({ class: own, className }: MikroormEntity, named: unknown): boolean =>
  named === own ||
  named === className ||
  (named as { meta?: MikroormEntity } | null)?.meta?.className === className;

/** An entity's table; `*` is the schema that a query chooses, and the configuration's where it chooses none. */
export const idOf = (
  { tableName, schema: own }: MikroormEntity,
  { engine, schema }: MikroormReading,
): TableId => tableIdIn(engine, tableName, own === "*" ? schema : (own ?? schema));

/** A relation's property that has columns, and the entity that has it. */
export interface Owning {
  readonly entity: MikroormEntity;
  readonly property: MikroormProperty;
}

/** Those of entities, and of joining tables. */
export const owningSides = ({ entities }: MikroormReading): readonly Owning[] =>
  entities.flatMap((entity) =>
    entity.props
      .filter((p) => isOwning(p) && !p.polymorphic && p.fieldNames)
      .map((property) => ({ entity, property })),
  );

/** Of a joining table also the property that is mapped by another has its columns. */
const isOwning = ({ kind, mappedBy }: MikroormProperty): boolean =>
  kind === "m:1" || (kind === "1:1" && !mappedBy);

export function edgeOf({ entity, property }: Owning, reading: MikroormReading) {
  const parent = property.targetMeta;
  return {
    child: idOf(entity, reading),
    columns: property.fieldNames ?? [],
    parent: parent ? idOf(parent, reading) : "",
    parentColumns: property.referencedColumnNames ?? [],
  };
}
