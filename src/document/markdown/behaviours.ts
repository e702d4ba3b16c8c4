import { doneBy } from "../../graph/delete-matrix.ts";
import type { Documentation, DocumentedRelation } from "../../model/documentation.ts";
import type { ReferentialAction } from "../../model/relation.ts";
import { some } from "../wording.ts";
import { name, names, table } from "./names.ts";

const ACTIONS: readonly (readonly [ReferentialAction, string])[] = [
  ["cascade", "rows that reference a deleted row are **deleted** too"],
  ["set null", "rows that reference a deleted row stay, and the reference becomes **NULL**"],
  ["set default", "rows that reference a deleted row stay, and the reference gets its **default**"],
  ["restrict", "a row that is referenced **cannot be deleted**"],
  ["no action", "a row that is still referenced at the end **cannot be deleted**"],
];

/** The table of behaviours that the database has, with how often and by whom. */
export function behavioursUsed({
  relations,
  soft,
}: Pick<Documentation, "relations" | "soft">): readonly string[] {
  const rows = ACTIONS.flatMap(([action, meaning]) => {
    const found = relations.filter((r) => r.onDelete === action);
    return [...Map.groupBy(found, doneBy)].sort().map(([by, list]) => {
      const spelled = action.toUpperCase();
      const shown = {
        database: spelled,
        application: `${spelled} (application)`,
        nobody: `${spelled} (unenforced)`,
      };
      const who = {
        database: "",
        application: "; done by the application or by ondelete, not by a constraint",
        nobody: "; not enforced now",
      };
      return [`**${shown[by]}**`, `${meaning}${who[by]}`, some(list.length, "relation")];
    });
  });
  const marked =
    soft === null
      ? []
      : [
          [
            "**soft delete**",
            "rows are marked as deleted where their table has a marker",
            some(soft.parents.length, "parent"),
          ],
        ];
  return table(["Behaviour", "When the parent is deleted", "Used by"], [...rows, ...marked]);
}

/** Every relation, grouped by what it does. */
export function behaviours({ relations }: Documentation): readonly string[] {
  return ACTIONS.flatMap(([action, meaning]) => {
    const found = relations.filter((r) => r.onDelete === action);
    if (found.length === 0) return [];
    return [
      `### ${action.toUpperCase()} relations`,
      "",
      `When the parent is deleted, ${meaning}:`,
      "",
      ...table(["Parent", "Child", "FK columns", "Done by"], [...found].sort(byParent).map(row)),
    ];
  });
}

const row = (r: DocumentedRelation): readonly string[] => [
  name(r.parent),
  name(r.child),
  names(r.columns),
  doneBy(r),
];

const byParent = (a: DocumentedRelation, b: DocumentedRelation): number =>
  `${a.parent}\u0000${a.id}` < `${b.parent}\u0000${b.id}` ? -1 : 1;
