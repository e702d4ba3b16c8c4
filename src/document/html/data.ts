import { doneBy } from "../../graph/delete-matrix.ts";
import type { Deletion, Documentation } from "../../model/documentation.ts";
import type { Matrix } from "../../model/matrix.ts";
import { printable } from "../../std/printable.ts";
import { cellText } from "../cell-text.ts";

/** What the script of the page works on; tables and relations by their places, to keep it small. */
export function pageData({ tables, relations, deletions, cells, parents, children }: Documentation) {
  const drawn = tables.filter((t) => t.kind !== "partition");
  const place = new Map(drawn.map((t, i) => [t.id, i]));
  return {
    tables: drawn.map((t) => printable(t.id)),
    columns: drawn.map((t) => t.columns.map((c) => printable(c.name)).join(" ")),
    relations: relations.map((r) => [
      place.get(r.parent),
      place.get(r.child),
      printable(r.columns.join(", ")),
      r.onDelete,
      doneBy(r),
    ]),
    deletions: deletions.map((d) => [place.get(d.table), consequencesOf(d, place)] as const),
    parents: parents.map((p) => place.get(p)),
    children: children.map((c) => place.get(c)),
    cells: cellsOf(cells, place),
  };
}

/** Each as table, effect, hand, columns, and the place of the consequence that its way goes on from, -1 for none. */
function consequencesOf({ consequences }: Deletion, place: ReadonlyMap<string, number>) {
  const ways = new Map(consequences.map((c, i) => [c.chain.join("\u0000"), i]));
  return consequences.map((c) => {
    const before = c.chain.slice(0, -1);
    const from = before.length > 1 ? (ways.get(before.join("\u0000")) ?? -1) : -1;
    return [place.get(c.table), c.effect, c.by, printable(c.columns.join(", ")), from] as const;
  });
}

/** The cells that act, by parent and child, as they are printed and with what colours them. */
function cellsOf(cells: Matrix["cells"], place: ReadonlyMap<string, number>) {
  const out: Record<number, Record<number, readonly [string, string]>> = {};
  for (const [child, row] of Object.entries(cells)) {
    for (const [parent, cell] of Object.entries(row)) {
      const [p, c] = [place.get(parent), place.get(child)];
      if (cell.by === null || p === undefined || c === undefined) continue;
      out[p] ??= {};
      out[p][c] = [cellText(cell, printable), cell.effect[0] ?? "kept"];
    }
  }
  return out;
}
