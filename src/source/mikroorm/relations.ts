import type { ReferentialAction } from "../../model/relation.ts";
import type { SourceRelation } from "../../model/source.ts";
import type { TableId } from "../../model/table.ts";
import { type SourceEngine, tableIdIn, withId } from "../source.ts";
import { edgeOf, idOf, type MikroormReading, type Owning, owningSides } from "./reading.ts";
import type { MikroormForeignKey, MikroormTable } from "./structure.ts";

const actionOf = (rule: string | undefined): ReferentialAction =>
  (rule ?? "no action").toLowerCase() as ReferentialAction;

/** The constraints that the generator makes for a table. */
export function foreignKeysOf(
  table: MikroormTable,
  id: TableId,
  reading: MikroormReading,
): readonly SourceRelation[] {
  return Object.values(table.getForeignKeys()).map((key) => {
    const owning = owningSides(reading).find(
      ({ entity, property }) =>
        idOf(entity, reading) === id && property.fieldNames?.join() === key.columnNames.join(),
    );
    return withId({
      child: id,
      columns: key.columnNames,
      parent: referencedTable(key, reading.engine),
      parentColumns: key.referencedColumnNames,
      onDelete: actionOf(key.deleteRule),
      onUpdate: actionOf(key.updateRule),
      written: isWritten(key, owning),
      enforcement: "database",
      location: owning ? reading.classes.member(owning.entity.className, owning.property.name) : null,
    });
  });
}

/** With its schema, where there is one. */
function referencedTable({ referencedTableName: name }: MikroormForeignKey, engine: SourceEngine): TableId {
  const dot = name.indexOf(".");
  return dot < 0 ? name : tableIdIn(engine, name.slice(dot + 1), name.slice(0, dot));
}

/** MikroORM puts its defaults where nothing is written: SET NULL for what may be null, CASCADE for keys. */
function isWritten({ deleteRule }: MikroormForeignKey, owning: Owning | undefined): boolean | null {
  if (deleteRule === undefined) return false;
  if (!owning || owning.entity.pivotTable) return true;
  const { nullable, primary } = owning.property;
  const mayBeDefault = (deleteRule === "set null" && nullable) || (deleteRule === "cascade" && primary);
  return mayBeDefault ? null : true;
}

/** Relations for which the code, or the generator's configuration, asks for no constraint. */
export function applicationRelations(reading: MikroormReading, none: boolean): readonly SourceRelation[] {
  return owningSides(reading)
    .filter(({ property }) => none || property.createForeignKeyConstraint === false)
    .map((owning) =>
      withId({
        ...edgeOf(owning, reading),
        onDelete: actionOf(owning.property.deleteRule),
        onUpdate: actionOf(owning.property.updateRule),
        written: null,
        enforcement: "application",
        location: reading.classes.member(owning.entity.className, owning.property.name),
      }),
    );
}
