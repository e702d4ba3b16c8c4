import { OnDeleteError } from "../../error.ts";
import type { ReferentialAction } from "../../model/relation.ts";
import type { SourceRelation } from "../../model/source.ts";
import { withId } from "../source.ts";
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
  const scalars = fields.map((name) => scalarOf(child, name));
  const references = namesOf(argument(relation, "references", false)).map((name) => scalarOf(parent, name));
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

function scalarOf({ model, file, scalars }: PrismaModel, name: string) {
  const found = scalars.find((s) => s.name === name);
  if (found) return found;
  throw new OnDeleteError(
    "source-invalid",
    `The Prisma model ${model.name} of ${file} has no field ${name}.`,
    {
      hint: "`npx prisma validate` says more.",
    },
  );
}
