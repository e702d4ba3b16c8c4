import { relationId } from "../../model/relation.ts";
import type { OrmCascade } from "../../model/source.ts";
import { idOf, namesOf, type TypeormReading } from "./reading.ts";
import type { TypeormEntity, TypeormRelation } from "./structure.ts";

/**
 * The relations along which `remove()` of TypeORM's goes on by itself: `cascade` with "remove" on either side, and
 * `orphanedRowAction: "delete"` for rows that are taken out of a collection.
 */
export function cascadesOf(entity: TypeormEntity, reading: TypeormReading): readonly OrmCascade[] {
  return entity.relations.flatMap((relation) => {
    const text = textOf(relation);
    const owning = relation.isOwning ? relation : relation.inverseRelation;
    // Rows of a joining table go with either side by their constraints, which cascade.
    if (!text || !owning || owning.isManyToMany) return [];
    return [
      {
        relation: edgeOf(owning, reading),
        deletes: relation.isOwning && relation.isCascadeRemove ? ("parent" as const) : ("child" as const),
        text,
        location: reading.classes.member(entity.name, relation.propertyPath),
      },
    ];
  });
}

function textOf(relation: TypeormRelation): string | null {
  // Nobody lists all five.
  const isAll = relation.isCascadeInsert && relation.isCascadeRecover;
  if (relation.isCascadeRemove) return isAll ? "cascade: true" : 'cascade: ["remove"]';
  return relation.isOwning && relation.orphanedRowAction === "delete" ? 'orphanedRowAction: "delete"' : null;
}

function edgeOf(
  { entityMetadata, inverseEntityMetadata, joinColumns }: TypeormRelation,
  reading: TypeormReading,
): OrmCascade["relation"] {
  const edge = {
    child: idOf(entityMetadata, reading),
    columns: namesOf(joinColumns),
    parent: idOf(inverseEntityMetadata, reading),
    parentColumns: joinColumns.map((c) => c.referencedColumn?.databaseName ?? ""),
  };
  return { id: relationId(edge), ...edge };
}
