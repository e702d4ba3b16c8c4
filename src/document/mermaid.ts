import type { Documentation, DocumentedRelation, DocumentedTable } from "../model/documentation.ts";
import { printable } from "../std/printable.ts";
import { onDelete } from "./wording.ts";

/**
 * The database as a Mermaid entity-relationship diagram: tables with their key columns, relations labelled by columns
 * and what happens on delete.
 * @see https://mermaid.js.org/syntax/entityRelationshipDiagram.html
 */
export function mermaid({ tables, relations }: Documentation): string {
  const drawn = tables.filter((t) => t.kind !== "partition");
  return [
    "erDiagram",
    ...drawn.flatMap((t) => entity(t, relations)),
    ...relations.map(
      (r) => `  ${quoted(r.parent)} ${cardinality(r, tables)} ${quoted(r.child)} : ${label(r)}`,
    ),
    "",
  ].join("\n");
}

function entity(table: DocumentedTable, relations: readonly DocumentedRelation[]): readonly string[] {
  const references = new Set(relations.filter((r) => r.child === table.id).flatMap((r) => r.columns));
  const keys = table.columns.filter((c) => table.primaryKey.includes(c.name) || references.has(c.name));
  if (keys.length === 0) return [`  ${quoted(table.id)}`];
  const lines = keys.map((c) => {
    const marks = [
      ...(table.primaryKey.includes(c.name) ? ["PK"] : []),
      ...(references.has(c.name) ? ["FK"] : []),
    ];
    const named = word(c.name);
    const comment = named === c.name ? "" : ` "${text(c.name)}"`;
    return `    ${word(c.type)} ${named} ${marks.join(", ")}${comment}`;
  });
  return [`  ${quoted(table.id)} {`, ...lines, "  }"];
}

/** A child references at most one parent, and one it must have where its columns are required. */
function cardinality(r: DocumentedRelation, tables: readonly DocumentedTable[]): string {
  const child = tables.find((t) => t.id === r.child);
  const optional = r.columns.some((c) => child?.columns.find((x) => x.name === c)?.nullable ?? true);
  const unique = [child?.primaryKey ?? [], ...(child?.uniqueKeys.map((k) => k.columns) ?? [])].some(
    (key) => key.length > 0 && key.every((c) => r.columns.includes(c)),
  );
  return `${optional ? "|o" : "||"}${r.constraint === null ? ".." : "--"}${unique ? "o|" : "o{"}`;
}

const label = (r: DocumentedRelation): string => `"${text(r.columns.join(", "))} ${onDelete(r)}"`;

/** Attribute names and types are single words there. */
function word(name: string): string {
  const kept = printable(name).replace(/[^\p{L}\p{N}_()[\]-]+/gu, "_");
  return /^\p{L}/u.test(kept) ? kept : `c${kept}`;
}

const quoted = (name: string): string => `"${text(name)}"`;

/** Mermaid has no escape inside quotes; what would end them, or begin markup, is written as an entity or left out. */
const text = (name: string): string =>
  printable(name).replace(/["%\\#;<>&]/g, (c) => `#${c.codePointAt(0)};`);
