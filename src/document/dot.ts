import type { Documentation, DocumentedRelation, DocumentedTable } from "../model/documentation.ts";
import { printable } from "../std/printable.ts";
import { onDelete } from "./wording.ts";

const COLOURS = {
  cascade: "#c0392b",
  "set null": "#b7791f",
  "set default": "#b7791f",
  restrict: "#2b6cb0",
  "no action": "#2b6cb0",
} as const;

/**
 * The database as a Graphviz graph: parents above children, relations coloured by what they do on delete, dashed where
 * no constraint declares them.
 * @see https://graphviz.org/doc/info/lang.html
 */
export function dot({ tables, relations }: Documentation): string {
  return [
    "digraph ondelete {",
    '  graph [rankdir="TB" nodesep="0.4" ranksep="0.8"];',
    '  node [shape="plain" fontname="Helvetica" fontsize="11"];',
    '  edge [fontname="Helvetica" fontsize="9" dir="back" arrowtail="normal"];',
    ...tables.filter((t) => t.kind !== "partition").map((t) => node(t, relations)),
    ...relations.map(edge),
    "}",
    "",
  ].join("\n");
}

function node(table: DocumentedTable, relations: readonly DocumentedRelation[]): string {
  const references = new Set(relations.filter((r) => r.child === table.id).flatMap((r) => r.columns));
  const keys = table.columns.filter((c) => table.primaryKey.includes(c.name) || references.has(c.name));
  const lines = keys.map((c) => {
    const marked = table.primaryKey.includes(c.name) ? `<u>${html(c.name)}</u>` : html(c.name);
    return `<tr><td align="left">${marked} <font color="#718096">${html(c.type)}</font></td></tr>`;
  });
  const head = `<tr><td bgcolor="#edf2f7"><b>${html(table.id)}</b></td></tr>`;
  return `  ${quoted(table.id)} [label=<<table border="0" cellborder="1" cellspacing="0" cellpadding="4">${head}${lines.join("")}</table>>];`;
}

function edge(r: DocumentedRelation): string {
  const style = r.constraint === null || !r.enforced ? "dashed" : "solid";
  const colour = COLOURS[r.onDelete];
  const label = quoted(`${r.columns.join(", ")}\n${onDelete(r)}`);
  return `  ${quoted(r.parent)} -> ${quoted(r.child)} [label=${label} color="${colour}" fontcolor="${colour}" style="${style}"];`;
}

/** A quoted string knows one escape, that of the quote; a label knows `\\` and `\n` too. */
const quoted = (text: string): string =>
  `"${text
    .split("\n")
    .map((line) => printable(line).replaceAll("\\", "\\\\").replaceAll('"', '\\"'))
    .join("\\n")}"`;

/** Text in a label of Graphviz's HTML, which may not be empty. */
const html = (text: string): string =>
  printable(text).replace(/[&<>"]/g, (c) => `&#${c.codePointAt(0)};`) || " ";
