import { cellOf } from "../../graph/delete-matrix.ts";
import type { Consequence, DocumentedRelation } from "../../model/documentation.ts";
import { CELL_EFFECTS, type Cell, type Matrix } from "../../model/matrix.ts";
import type { TableId } from "../../model/table.ts";
import { cellText } from "../cell-text.ts";
import type { DeletionStatement, EveryStatement, Said } from "../read/statement.ts";
import type { Named } from "./names.ts";
import { type Judge, type Judgement, unjudged } from "./verdict.ts";

/** Whether rows of a child get what a document says when a parent is deleted. */
export function judgeDeletion(statement: DeletionStatement, judge: Judge): Judgement {
  const { names, cover } = judge;
  const parent = names.table(statement.parent);
  if (parent.kind !== "found") return unjudged(statement.parent, parent);
  cover(parent.table);
  const matrix = matrixOf(statement.list, judge);
  if (matrix === null) return { kind: "unjudged", reason: "no table has a soft-delete marker" };
  const child = names.table(statement.child);
  if (child.kind !== "found") return judgeUnnamed(statement, { matrix, parent: parent.table, child }, judge);
  cover(child.table);
  return judgeCell(statement.said, { matrix, child: child.table, parent: parent.table }, judge);
}

/** A child by a part of its name, as long as deleting the parent does something to it, or by the column it references with. */
function judgeUnnamed(
  statement: DeletionStatement,
  place: {
    readonly matrix: Matrix;
    readonly parent: TableId;
    readonly child: Exclude<Named, { kind: "found" }>;
  },
  judge: Judge,
): Judgement {
  const { matrix, parent, child } = place;
  const acting = matrix.children.filter((c) => cellOf(matrix, c, parent).by !== null);
  const table = judge.names.partial(statement.child, acting);
  if (table === null) {
    const relations = judge.documentation.relations.filter((r) => r.parent === parent);
    const role = roleOf(statement.child, relations, judge);
    return role === null ? unjudged(statement.child, child) : judgeRole(statement.said, role);
  }
  judge.cover(table);
  return judgeCell(statement.said, { matrix, child: table, parent }, judge);
}

/** The matrix that a list is about; null for soft deletes where there are none. */
export const matrixOf = (list: number | null, { lists, documentation }: Judge): Matrix | null =>
  list !== null && lists[list]?.mode === "soft" ? documentation.soft : documentation;

/** `Reviewer` for the relation by reviewer_id, where only one of some relations is called so. */
function roleOf(
  written: string,
  relations: readonly DocumentedRelation[],
  { names }: Judge,
): DocumentedRelation | null {
  const found = relations.filter((r) => {
    const [column] = r.columns;
    return (
      r.columns.length === 1 &&
      [names.column(r.child, `${written}_id`), names.column(r.child, written)].includes(column ?? "")
    );
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function judgeRole(said: readonly Said[], relation: DocumentedRelation): Judgement {
  const effect = {
    cascade: "deleted",
    "set null": "set null",
    "set default": "set default",
    restrict: "blocks",
    "no action": "blocks",
  }[relation.onDelete];
  const cell = `${relation.child} | ${relation.parent}`;
  if (said.some((s) => s.effect === effect)) return { kind: "right", relations: [relation.id], cell };
  const message = `${relation.id} is ${relation.onDelete.toUpperCase()}`;
  return { kind: "contradicted", message, relations: [relation.id], cell };
}

interface Place {
  readonly matrix: Matrix;
  readonly child: TableId;
  readonly parent: TableId;
}

function judgeCell(said: readonly Said[], place: Place, judge: Judge): Judgement {
  const { matrix, child, parent } = place;
  const cell = cellOf(matrix, child, parent);
  const relations = cell.via;
  const named = `${child} | ${parent}`;
  const wrong = (message: string): Judgement => ({ kind: "contradicted", message, relations, cell: named });
  const does = `deleting from ${parent}: ${child} ${inWords(cell)}`;
  if (said.some((s) => !cell.effect.includes(s.effect))) return wrong(does);
  const strongest = CELL_EFFECTS.find((e) => cell.effect.includes(e));
  // Whatever else would happen, rows that block keep the parent from being deleted.
  if (!said.some((s) => s.effect === strongest || s.effect === "blocks")) return wrong(does);
  const columns = said.filter((s) => s.columns.length > 0);
  if (columns.length > 0 && !sameColumns(columns, cell, place, judge)) return wrong(does);
  const hand = said.find((s) => s.by !== null && !doneSo(s, cell, place, judge));
  if (hand) return wrong(`${does}, by the ${cell.by ?? "database"}`);
  const rest = weaker(said, cell);
  const remark = rest === null ? {} : { remark: `other rows of ${child}: ${rest}` };
  return { kind: "right", relations, cell: named, ...remark };
}

const inWords = (cell: Cell): string =>
  cell.by === null ? "is kept as it is" : cellText(cell, (name) => name);

/** All columns that are set have to be named, and no others. */
function sameColumns(said: readonly Said[], cell: Cell, { child }: Place, { names }: Judge): boolean {
  const written = said.flatMap((s) => s.columns).map((c) => names.column(child, c));
  return (
    written.every((c) => c !== null && cell.columns.includes(c)) &&
    cell.columns.every((c) => written.includes(c))
  );
}

/** Of several relations some may be carried out by one hand, some by another. */
function doneSo(
  { effect, by }: Said,
  cell: Cell,
  { matrix, child, parent }: Place,
  { documentation }: Judge,
): boolean {
  if (cell.by === by || matrix !== documentation) return cell.by === by;
  return consequences(documentation.deletions, child, parent).some((c) => c.effect === effect && c.by === by);
}

const consequences = (
  deletions: readonly { readonly table: TableId; readonly consequences: readonly Consequence[] }[],
  child: TableId,
  parent: TableId,
): readonly Consequence[] =>
  deletions.find((d) => d.table === parent)?.consequences.filter((c) => c.table === child) ?? [];

/** What other rows get, where only the strongest effect is named; null where nothing else happens. */
function weaker(said: readonly Said[], cell: Cell): string | null {
  const effect = cell.effect.filter(
    (e) => !said.some((s) => s.effect === e) && ["set null", "set default", "blocks", "deleted"].includes(e),
  );
  return effect.length === 0 ? null : cellText({ effect, by: null, columns: cell.columns }, (name) => name);
}

/** Whether all tables with a column, or all children, get what a document says. */
export function judgeEvery(statement: EveryStatement, judge: Judge): Judgement {
  const { names, cover, documentation } = judge;
  const parent = names.table(statement.parent);
  if (parent.kind !== "found") return unjudged(statement.parent, parent);
  cover(parent.table);
  const relations = everyRelation(statement, parent.table, judge);
  if (relations.length === 0)
    return { kind: "contradicted", message: `no table references ${parent.table} so`, relations: [] };
  const judged = relations.map((r) => {
    const place = { matrix: documentation, child: r.child, parent: parent.table };
    return judgeCell([{ ...statement.said, columns: [] }], place, judge);
  });
  const wrong = judged.filter((j) => j.kind === "contradicted");
  if (wrong.length === 0) return { kind: "right", relations: relations.map((r) => r.id) };
  return {
    kind: "contradicted",
    message: wrong.map((j) => j.message).join("; "),
    relations: wrong.flatMap((j) => j.relations),
  };
}

/** The relations that "all tables with a column" are about. */
export const everyRelation = (
  { column }: EveryStatement,
  parent: TableId,
  { names, documentation }: Judge,
): readonly DocumentedRelation[] =>
  documentation.relations.filter((r) => {
    const named = column === null ? null : names.column(r.child, column);
    return r.parent === parent && (column === null || (named !== null && r.columns.includes(named)));
  });
