import { cellOf } from "../../graph/delete-matrix.ts";
import type { Omission } from "../../model/document-check.ts";
import type { Matrix } from "../../model/matrix.ts";
import type { TableId } from "../../model/table.ts";
import { cellText } from "../cell-text.ts";
import type { List } from "../read/statement.ts";
import { onDelete } from "../wording.ts";
import { matrixOf } from "./deletions.ts";
import { singularWords } from "./names.ts";
import type { Judge } from "./verdict.ts";

/** What the statements of a document came to, as far as omissions depend on it. */
export interface Stated {
  readonly covered: ReadonlySet<TableId>;
  /** Relations that a statement was about. */
  readonly relations: ReadonlySet<string>;
  /** Cells that a statement was about, as `child | parent`, of a list by its place, and all of them under null. */
  readonly cells: ReadonlyMap<number | null, ReadonlySet<string>>;
  /** Statements of a list that could not be judged. */
  readonly unjudged: ReadonlyMap<number, readonly string[]>;
  /** Tables of which a statement about what they reference could not be judged. */
  readonly unclear: ReadonlySet<TableId>;
}

/** Relations and acting cells between tables that a document is about, which it does not tell. */
export function omissionsIn(stated: Stated, judge: Judge): readonly Omission[] {
  const lists = judge.lists.flatMap((list, i) =>
    list.kind === "deletion" ? ofDeletion(list, i, { stated, judge }) : ofMatrix(list, i, { stated, judge }),
  );
  const found = [...lists, ...relationsLeftOut(stated, judge)];
  return [...new Map(found.map((o) => [`${o.line}\u0000${o.object}`, o])).values()];
}

interface Task {
  readonly stated: Stated;
  readonly judge: Judge;
}

/** What deleting a table does to others, and a list that is about it does not say. */
function ofDeletion(list: List, place: number, { stated, judge }: Task): readonly Omission[] {
  const matrix = matrixOf(place, judge);
  const parent = judge.names.table(list.parents[0] ?? "");
  if (matrix === null || parent.kind !== "found") return [];
  const told = stated.cells.get(place) ?? new Set();
  return actingCells(matrix, parent.table, stated)
    .filter(({ object }) => !told.has(object))
    .filter(({ child }) => !mayMean(child, stated.unjudged.get(place) ?? []))
    .map(({ object, child }) => omission(list, object, { matrix, child, parent: parent.table }));
}

/** Cells of tables that a document is about, which stand neither in its matrix nor elsewhere. */
function ofMatrix(list: List, place: number, { stated, judge }: Task): readonly Omission[] {
  const matrix = matrixOf(place, judge);
  if (matrix === null) return [];
  const told = new Set([
    ...(stated.cells.get(place) ?? []),
    ...(list.mode === "hard" ? (stated.cells.get(null) ?? []) : []),
  ]);
  const unread = stated.unjudged.get(place) ?? [];
  return matrix.parents
    .filter((p) => stated.covered.has(p))
    .flatMap((parent) =>
      actingCells(matrix, parent, stated)
        .filter(({ object, child }) => !told.has(object) && !mayMean(child, unread))
        .map(({ object, child }) => omission(list, object, { matrix, child, parent })),
    );
}

const actingCells = (matrix: Matrix, parent: TableId, { covered }: Stated) =>
  matrix.children
    .filter((child) => covered.has(child) && cellOf(matrix, child, parent).by !== null)
    .map((child) => ({ child, object: `${child} | ${parent}` }));

function omission(
  list: List,
  object: string,
  { matrix, child, parent }: { readonly matrix: Matrix; readonly child: TableId; readonly parent: TableId },
): Omission {
  const cell = cellOf(matrix, child, parent);
  const message = `${list.title} does not say what becomes of ${child} when rows of ${parent} are deleted: ${cellText(cell, (n) => n)}`;
  return { line: list.line, object, message, relations: cell.via };
}

/** Whether one of some statements that could not be judged has all words of a table's name, or its first or last. */
function mayMean(table: TableId, written: readonly string[]): boolean {
  const words = singularWords(table.slice(table.lastIndexOf(".") + 1));
  return written.some((text) => {
    const there = singularWords(text);
    return [words[0], words.at(-1)].some((word) => word !== undefined && there.includes(word));
  });
}

function relationsLeftOut(
  { covered, relations, cells, unclear }: Stated,
  { documentation }: Judge,
): readonly Omission[] {
  const told = cells.get(null) ?? new Set();
  return documentation.relations
    .filter((r) => covered.has(r.child) && covered.has(r.parent))
    .filter((r) => !unclear.has(r.child) && !relations.has(r.id) && !told.has(`${r.child} | ${r.parent}`))
    .map((r) => ({
      line: null,
      object: r.id,
      message: `${r.child}.${r.columns.join(", ")} references ${r.parent}, ${onDelete(r)}`,
      relations: [r.id],
    }));
}
