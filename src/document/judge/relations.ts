import { doneBy } from "../../graph/delete-matrix.ts";
import type { DocumentedRelation } from "../../model/documentation.ts";
import type { TableId } from "../../model/table.ts";
import type { NoReferenceStatement, RelationStatement } from "../read/statement.ts";
import { onDelete } from "../wording.ts";
import { type Judge, type Judgement, unjudged } from "./verdict.ts";

/** Whether columns of a child reference a parent, and do on delete what a document says. */
export function judgeRelation(statement: RelationStatement, judge: Judge): Judgement {
  const first = oneWay(statement, judge);
  if (!statement.eitherWay || statement.parent === null || first.kind === "right") return first;
  const { child, parent } = statement;
  const other = oneWay({ ...statement, child: parent, parent: child }, judge);
  return other.kind === "right" || (first.kind === "unjudged" && other.kind !== "unjudged") ? other : first;
}

function oneWay(written: RelationStatement, judge: Judge): Judgement {
  const { names, cover, documentation } = judge;
  const child = names.reference(written.child);
  if (child.kind !== "found") return unjudged(written.child, child);
  cover(child.table);
  // `projects.owner_id`, where the columns stand nowhere else.
  const column = child.column === undefined ? [] : [child.column];
  const statement = { ...written, columns: [...written.columns, ...column] };
  const own = documentation.relations.filter((r) => r.child === child.table);
  const columns = columnsOf(statement, child.table, own, judge);
  const parent = parentOf(statement, own, judge);
  if (parent.kind === "none" && columns === null)
    return { kind: "unjudged", reason: `${child.table} has no column ${statement.columns.join(", ")}` };
  if (parent.kind === "unjudged" && (columns === null || columns.length === 0)) return parent.judgement;
  if (parent.kind === "table") cover(parent.table);
  const fits = own.filter((r) => parent.kind !== "table" || r.parent === parent.table);
  if (columns === null && fits.length > 0)
    return { kind: "unjudged", reason: `${child.table} has no column ${statement.columns.join(", ")}` };
  const meant = parent.kind === "role" ? parent.relations : fits.filter((r) => hasColumns(r, columns ?? []));
  if (meant.length === 0) return noRelation(child.table, { columns: columns ?? [], parent, own });
  return judgeAction(statement, meant);
}

type Parent =
  | { readonly kind: "table"; readonly table: TableId }
  | { readonly kind: "role"; readonly relations: readonly DocumentedRelation[] }
  | { readonly kind: "none" }
  | { readonly kind: "unjudged"; readonly judgement: Judgement };

/** The parent that is named: a table, a part of the name of one that the child references, or a column without `_id`. */
function parentOf(
  statement: RelationStatement,
  own: readonly DocumentedRelation[],
  { names }: Judge,
): Parent {
  if (statement.parent === null) return { kind: "none" };
  const found = names.reference(statement.parent);
  if (found.kind === "found") return { kind: "table", table: found.table };
  const among = [...new Set(own.map((r) => r.parent))];
  const partial = names.partial(statement.parent, among);
  if (partial !== null) return { kind: "table", table: partial };
  const column = roleColumn(statement.parent, statement.child, names);
  const relations = own.filter((r) => column !== null && r.columns.length === 1 && r.columns[0] === column);
  if (relations.length > 0) return { kind: "role", relations };
  return { kind: "unjudged", judgement: unjudged(statement.parent, found) };
}

/** `Reviewer` for the column reviewer_id. */
function roleColumn(role: string, child: string, names: Judge["names"]): string | null {
  const table = names.table(child);
  if (table.kind !== "found") return null;
  return names.column(table.table, `${role}_id`) ?? names.column(table.table, role);
}

/** The columns that are named; null where the child has one of them not. */
function columnsOf(
  { columns }: RelationStatement,
  child: TableId,
  own: readonly DocumentedRelation[],
  { names }: Judge,
): readonly string[] | null {
  const known = own.find((r) => r.columns.join() === columns.join());
  if (known) return known.columns;
  const found = columns.map((c) => names.column(child, c) ?? names.column(child, `${c}_id`));
  return found.every((c) => c !== null) ? found : null;
}

const hasColumns = (r: DocumentedRelation, columns: readonly string[]): boolean =>
  columns.every((c) => r.columns.includes(c));

function noRelation(
  child: TableId,
  {
    columns,
    parent,
    own,
  }: {
    readonly columns: readonly string[];
    readonly parent: Parent;
    readonly own: readonly DocumentedRelation[];
  },
): Judgement {
  const others = columns.length === 0 ? [] : own.filter((r) => hasColumns(r, columns));
  const subject = columns.length === 0 ? child : `${child}.${columns.join(", ")}`;
  const instead = others.map((r) => r.parent).join(", ");
  const object = parent.kind === "table" ? parent.table : "anything";
  return {
    kind: "contradicted",
    message:
      instead === ""
        ? `${subject} does not reference ${object}`
        : `${subject} references ${instead}, not ${object}`,
    relations: others.map((r) => r.id),
  };
}

function judgeAction({ action, by }: RelationStatement, meant: readonly DocumentedRelation[]): Judgement {
  const relations = meant.map((r) => r.id);
  const acting = meant.filter((r) => action === null || r.onDelete === action || r.constraint === action);
  if (acting.length === 0)
    return {
      kind: "contradicted",
      message: `${meant.map((r) => `${r.id} is ${onDelete(r)}`).join("; ")}, not ${action?.toUpperCase()}`,
      relations,
    };
  const enforced = acting.filter(
    (r) =>
      by === null || doneBy(r) === by || (by === "database" && r.constraint === r.onDelete && r.enforced),
  );
  if (enforced.length > 0) return { kind: "right", relations };
  return {
    kind: "contradicted",
    message: acting.map((r) => `${r.id} is carried out by ${whoever(r)}`).join("; "),
    relations,
  };
}

function whoever(r: DocumentedRelation): string {
  const by = doneBy(r);
  return by === "nobody" ? "nobody" : `the ${by}`;
}

/** A column that a document says references nothing. */
export function judgeNoReference(
  statement: NoReferenceStatement,
  { names, cover, documentation }: Judge,
): Judgement {
  const child = names.table(statement.child);
  if (child.kind !== "found") return unjudged(statement.child, child);
  cover(child.table);
  const column = names.column(child.table, statement.column);
  if (column === null)
    return { kind: "unjudged", reason: `${child.table} has no column ${statement.column}` };
  const found = documentation.relations.filter((r) => r.child === child.table && r.columns.includes(column));
  if (found.length === 0) return { kind: "right", relations: [] };
  const relations = found.map((r) => r.id);
  const message = `${child.table}.${column} references ${found.map((r) => r.parent).join(", ")} (${found.map(onDelete).join(", ")})`;
  return { kind: "contradicted", message, relations };
}
