import { OnDeleteError } from "../../error.ts";
import type { ReferentialAction } from "../../model/relation.ts";
import type { SourceRelation } from "../../model/source.ts";
import { withId } from "../source.ts";
import { at } from "./faults.ts";
import type { PrismaModel } from "./model.ts";
import { argument, attributeOf, type Field, namesOf, placeOf } from "./syntax.ts";

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  Cascade: "cascade",
  Restrict: "restrict",
  NoAction: "no action",
  SetNull: "set null",
  SetDefault: "set default",
};

interface Known {
  readonly models: readonly PrismaModel[];
  readonly enforcement: SourceRelation["enforcement"];
}

/** The relation that a field with `@relation(fields: […])` declares; null for any other field. */
export function foreignKey(child: PrismaModel, field: Field, known: Known): SourceRelation | null {
  const relation = attributeOf(field.attributes, "relation");
  const fields = namesOf(argument(relation, "fields", false));
  if (fields.length === 0) return null;
  const parent = known.models.find(({ model }) => model.name === field.fieldType);
  if (!parent) return null;
  const location = placeOf(child.file, field);
  const place = at(child, field);
  const scalars = fields.map((name) => scalarOf(child, name, place));
  const named = namesOf(argument(relation, "references", false));
  const references = named.map((name) => scalarOf(parent, name, place));
  if (references.length !== scalars.length) throw uneven(place, fields, named);
  const onDelete = namesOf(argument(relation, "onDelete", false))[0];
  const onUpdate = namesOf(argument(relation, "onUpdate", false))[0];
  return withId({
    child: child.table.id,
    columns: scalars.map((s) => s.column),
    parent: parent.table.id,
    parentColumns: references.map((s) => s.column),
    onDelete:
      ACTIONS[onDelete ?? ""] ?? defaultOnDelete(scalars.every((s) => s.optional) && field.optional === true),
    onUpdate: ACTIONS[onUpdate ?? ""] ?? "cascade",
    written: onDelete !== undefined,
    enforcement: known.enforcement,
    location,
  });
}

/**
 * A relation of which one field is required is required itself.
 * @see https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/referential-actions#referential-action-defaults
 */
const defaultOnDelete = (optional: boolean): ReferentialAction => (optional ? "set null" : "restrict");

function scalarOf({ model, scalars }: PrismaModel, name: string, place: string) {
  const found = scalars.find((s) => s.name === name);
  if (found) return found;
  throw new OnDeleteError(
    "source-invalid",
    `The relation at ${place} names the field ${name}, which the Prisma model ${model.name} does not have.`,
    { hint: "`npx prisma validate` says more." },
  );
}

function uneven(place: string, fields: readonly string[], references: readonly string[]): OnDeleteError {
  return new OnDeleteError(
    "source-invalid",
    `The relation at ${place} has ${fields.length} of its own fields for ${references.length} that they reference.`,
    { hint: "`npx prisma validate` says more." },
  );
}
