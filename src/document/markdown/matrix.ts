import { cellOf } from "../../graph/delete-matrix.ts";
import type { Deletion, Documentation } from "../../model/documentation.ts";
import type { Matrix } from "../../model/matrix.ts";
import type { TableId } from "../../model/table.ts";
import { cellText } from "../cell-text.ts";
import { some } from "../wording.ts";
import { name, table } from "./names.ts";
import { WIDEST_MATRIX } from "./summary.ts";

/** The matrix: parents across, children down; what happens by way of other tables has a star and its chain below. */
export function matrixSection(documentation: Documentation): readonly string[] {
  const { parents, deletions } = documentation;
  if (parents.length === 0) return [];
  if (parents.length > WIDEST_MATRIX) {
    return [
      `A matrix of ${some(parents.length, "parent")} is too wide to be read; the [cascade summary](#cascade-summary) lists its cells by parent, and \`--format html\` and \`--format json\` have all of it.`,
      "",
    ];
  }
  const chains = chainsOf(deletions);
  return [
    "What happens to rows of the table on the left when rows of the table above are deleted.",
    "",
    ...matrixTable(documentation, (child, parent) => (chains.has(`${child} | ${parent}`) ? "\\*" : "")),
    ...(chains.size > 0 ? ["\\* by way of other tables:", "", ...[...chains.values()].sort(), ""] : []),
    "`DELETED`: the row goes. `column=NULL`, `column=DEFAULT`: it stays and loses the reference. `BLOCKED`: it keeps the parent from being deleted. `A or B`: it depends on the row. `(application)`: the application or ondelete does it, a bare DELETE does not. `-`: nothing happens.",
    "",
  ];
}

/** A matrix as a table, of children to which anything happens by `acting`; `mark` is put behind cells. */
export function matrixTable(
  matrix: Matrix,
  mark: (child: TableId, parent: TableId) => string,
  acting: Matrix = matrix,
): readonly string[] {
  const acts = (child: TableId) => matrix.parents.some((p) => cellOf(acting, child, p).by !== null);
  const rows = matrix.children
    .filter(acts)
    .map((child) => [
      `**${name(child)}**`,
      ...matrix.parents.map(
        (parent) => `${cellText(cellOf(matrix, child, parent), name)}${mark(child, parent)}`,
      ),
    ]);
  return table(["When deleting →", ...matrix.parents.map(name)], rows);
}

/** By cell, what leads there, where nothing does directly. */
function chainsOf(deletions: readonly Deletion[]): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { table: parent, consequences } of deletions) {
    for (const [child, list] of Map.groupBy(consequences, (c) => c.table)) {
      const [shortest] = list.map((c) => c.chain).sort((a, b) => a.length - b.length);
      if (!shortest || shortest.length < 3) continue;
      const cell = `${child} | ${parent}`;
      out.set(cell, `- ${name(child)} \\| ${name(parent)}: ${shortest.map(name).join(" → ")}`);
    }
  }
  return out;
}
