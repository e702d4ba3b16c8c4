import type { ReferentialAction } from "../../model/relation.ts";
import type { SourceRelation } from "../../model/source.ts";
import { withId } from "../source.ts";
import { idOf, namesOf, type TypeormReading } from "./reading.ts";
import type { TypeormColumn, TypeormEntity, TypeormForeignKey, TypeormRelation } from "./structure.ts";

/** TypeORM's type has SET DEFAULT as "DEFAULT". */
const actionOf = (written: string | undefined): ReferentialAction =>
  written === "DEFAULT" ? "set default" : ((written ?? "no action").toLowerCase() as ReferentialAction);

/** The constraints that TypeORM makes for an entity. */
export function foreignKeysOf(entity: TypeormEntity, reading: TypeormReading): readonly SourceRelation[] {
  return entity.foreignKeys.map((key) => {
    const relation = relationOf(entity, key);
    return withId({
      child: idOf(entity, reading),
      columns: namesOf(key.columns),
      parent: idOf(key.referencedEntityMetadata, reading),
      parentColumns: namesOf(key.referencedColumns),
      onDelete: actionOf(key.onDelete),
      onUpdate: actionOf(key.onUpdate),
      written: isWritten(key, relation),
      enforcement: "database",
      location: relation ? placeOf(relation, reading) : null,
    });
  });
}

/** The relation that a constraint was made for, of its own entity or, of a joining table, of another. */
const relationOf = (entity: TypeormEntity, key: TypeormForeignKey): TypeormRelation | undefined =>
  [entity, key.referencedEntityMetadata]
    .flatMap((one) => one.relations)
    .find((relation) => relation.foreignKeys.includes(key));

/** The constraints of a joining table cascade unless told otherwise; those of `@ForeignKey()` have no relation. */
const isWritten = (key: TypeormForeignKey, relation: TypeormRelation | undefined): boolean =>
  relation?.isManyToMany ? true : (relation ?? key).onDelete !== undefined;

const placeOf = ({ entityMetadata, propertyPath }: TypeormRelation, { classes }: TypeormReading) =>
  classes.member(entityMetadata.name, propertyPath);

/** Relations for which TypeORM makes no constraint because the code tells it so. */
export function applicationRelations(
  entity: TypeormEntity,
  reading: TypeormReading,
): readonly SourceRelation[] {
  return entity.relations
    .filter((relation) => relation.isOwning && !relation.createForeignKeyConstraints)
    .flatMap((relation) => sidesOf(relation).map((side) => application(relation, side, reading)));
}

interface Side {
  readonly child: TypeormEntity;
  readonly parent: TypeormEntity;
  readonly columns: readonly TypeormColumn[];
}

/** A many-to-many relation has a joining table with two. */
function sidesOf(relation: TypeormRelation): readonly Side[] {
  const { junctionEntityMetadata: join, entityMetadata: own, inverseEntityMetadata: other } = relation;
  if (!join) return [{ child: own, parent: other, columns: relation.joinColumns }];
  return [
    { child: join, parent: own, columns: relation.joinColumns },
    { child: join, parent: other, columns: relation.inverseJoinColumns },
  ];
}

function application(
  relation: TypeormRelation,
  { child, parent, columns }: Side,
  reading: TypeormReading,
): SourceRelation {
  return withId({
    child: idOf(child, reading),
    columns: namesOf(columns),
    parent: idOf(parent, reading),
    parentColumns: columns.map((c) => c.referencedColumn?.databaseName ?? ""),
    onDelete: actionOf(relation.onDelete),
    onUpdate: actionOf(relation.onUpdate),
    written: relation.onDelete !== undefined,
    enforcement: "application",
    location: placeOf(relation, reading),
  });
}
