import type { DocumentedRelation } from "../model/documentation.ts";
import type { TableId } from "../model/table.ts";
import { onDelete, textName } from "./wording.ts";

/**
 * Trees of what hangs off what, from the tables down that no cascade leads to: children with their columns and what
 * happens to them. Only a CASCADE goes on from there, and each table's own tree stands once.
 */
export function deletionTrees(relations: readonly DocumentedRelation[]): readonly string[] {
  const children = Map.groupBy(relations, (r) => r.parent);
  const cascaded = new Set(
    relations.filter((r) => r.onDelete === "cascade" && r.child !== r.parent).map((r) => r.child),
  );
  const parents = [...children.keys()].sort();
  const shown = new Set<TableId>();
  const lines: string[] = [];
  // Tables that only a circle leads to are below none of the first ones.
  for (const root of [...parents.filter((p) => !cascaded.has(p)), ...parents]) {
    if (shown.has(root)) continue;
    if (lines.length > 0) lines.push("");
    lines.push(textName(root), ...below(root, "", { children, shown }));
  }
  return lines;
}

interface Walk {
  readonly children: ReadonlyMap<TableId, readonly DocumentedRelation[]>;
  readonly shown: Set<TableId>;
}

function below(table: TableId, indent: string, walk: Walk): readonly string[] {
  walk.shown.add(table);
  const relations = walk.children.get(table) ?? [];
  return relations.flatMap((relation, i) => {
    const last = i === relations.length - 1;
    const known = walk.shown.has(relation.child);
    const goesOn = relation.onDelete === "cascade" && walk.children.has(relation.child);
    const line = `${indent}${last ? "└── " : "├── "}${label(relation)}${goesOn && known ? " ↑" : ""}`;
    if (!goesOn || known) return [line];
    return [line, ...below(relation.child, `${indent}${last ? "    " : "│   "}`, walk)];
  });
}

const label = (r: DocumentedRelation): string =>
  `${textName(r.child)} (${r.columns.map(textName).join(", ")}) ${onDelete(r)}`;
