import type { Documentation, DocumentedRelation, DocumentedTable } from "../../model/documentation.ts";
import { printable } from "../../std/printable.ts";
import { onDelete } from "../wording.ts";
import { code, name, names, table } from "./names.ts";

/** Every table: columns, what they reference, and by what the table is referenced. */
export function tables({ tables: all, relations }: Documentation): readonly string[] {
  const byChild = Map.groupBy(relations, (r) => r.child);
  const byParent = Map.groupBy(relations, (r) => r.parent);
  return all
    .filter((t) => t.kind !== "partition")
    .flatMap((t) => [
      `### ${name(t.id)}`,
      "",
      ...partitions(t, all),
      ...(t.softDelete ? [`Soft deletes mark rows in ${name(t.softDelete.column)}.`, ""] : []),
      ...columns(t, byChild.get(t.id) ?? []),
      ...composites(byChild.get(t.id) ?? []),
      ...referencedBy(byParent.get(t.id) ?? []),
    ]);
}

function partitions(parent: DocumentedTable, all: readonly DocumentedTable[]): readonly string[] {
  const parts = all.filter((t) => t.partitionOf === parent.id);
  return parts.length === 0 ? [] : [`Partitions: ${names(parts.map((t) => t.id))}.`, ""];
}

/** What is told of a column in its own line: the only relation it takes part in, where it is that relation's only one. */
function soleRelation(column: string, relations: readonly DocumentedRelation[]): DocumentedRelation | null {
  const found = relations.filter((r) => r.columns.includes(column));
  const [only] = found;
  return only && found.length === 1 && only.columns.length === 1 && !only.when ? only : null;
}

function columns(t: DocumentedTable, relations: readonly DocumentedRelation[]): readonly string[] {
  const rows = t.columns.map((c) => {
    const key = t.primaryKey.includes(c.name) ? "primary key" : c.nullable ? "yes" : "no";
    const relation = soleRelation(c.name, relations);
    const start = [name(c.name), type(c.type), key];
    if (relation) return [...start, reference(relation), onDelete(relation)];
    return relations.some((r) => r.columns.includes(c.name))
      ? [...start, "see below", ""]
      : [...start, "-", "-"];
  });
  return table(["Column", "Type", "Nullable", "FK reference", "On delete"], rows);
}

const reference = (r: DocumentedRelation): string => `${name(r.parent)}.${name(r.parentColumns[0] ?? "")}`;

const SIMPLE_TYPE = /^[\w .,()]+$/;

/** A column without a type has `-` in its place (SQLite). */
function type(text: string): string {
  if (text === "") return "-";
  return SIMPLE_TYPE.test(text) ? printable(text) : code(text);
}

function composites(relations: readonly DocumentedRelation[]): readonly string[] {
  const told = relations.filter((r) => r.columns.some((c) => soleRelation(c, relations) === null));
  if (told.length === 0) return [];
  const rows = told.map((r) => [
    names(r.columns),
    name(r.parent),
    names(r.parentColumns),
    onDelete(r),
    r.when ? code(`${r.when.column}=${r.when.values.join(",")}`) : "always",
  ]);
  return [
    "**References of several columns or kinds:**",
    "",
    ...table(["FK columns", "Parent", "Parent columns", "On delete", "Holds where"], rows),
  ];
}

function referencedBy(relations: readonly DocumentedRelation[]): readonly string[] {
  if (relations.length === 0) return [];
  return [
    "**Referenced by:**",
    "",
    ...table(
      ["Table", "FK columns", "On delete"],
      relations.map((r) => [name(r.child), names(r.columns), onDelete(r)]),
    ),
  ];
}
