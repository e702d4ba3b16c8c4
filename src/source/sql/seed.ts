import type { Model } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { Table } from "../../model/table.ts";
import type { DraftForeignKey, DraftTable } from "./draft.ts";
import type { TableName } from "./statements.ts";

/** The tables of a database as statements would have made them; they have no place in a file. */
const NOWHERE = { file: "", line: 0 };

const nameOf = ({ name, namespace }: Table): TableName => ({ name, namespace });

export const tablesOf = (model: Model): readonly DraftTable[] =>
  model.tables.map((table) => ({
    name: nameOf(table),
    columns: table.columns.map(({ name, nullable, type }) => ({ name, nullable, type, location: NOWHERE })),
    keys: [
      { kind: "primary" as const, name: null, columns: table.primaryKey },
      ...table.uniqueKeys.map(({ name, columns }) => ({ kind: "unique" as const, name, columns })),
    ],
    foreignKeys: model.relations
      .filter((r) => (r.childPartition ?? r.child) === table.id)
      .flatMap((r) => foreignKey(r, model) ?? []),
    location: NOWHERE,
  }));

function foreignKey(relation: Relation, { tables }: Model): DraftForeignKey | null {
  const parent = tables.find((t) => t.id === relation.parent);
  if (!parent) return null;
  const { name, columns, parentColumns, onDelete, onUpdate } = relation;
  return {
    name,
    columns,
    parent: nameOf(parent),
    parentColumns,
    onDelete,
    onUpdate,
    written: true,
    location: NOWHERE,
  };
}
