import type { Cell, CellEffect } from "../model/matrix.ts";
import { hand } from "./wording.ts";

/** How a name is written where the text goes. */
export type Spell = (name: string) => string;

const EFFECTS: Readonly<Partial<Record<CellEffect, string>>> = {
  deleted: "DELETED",
  "soft-deleted": "SOFT-DELETED",
  blocks: "BLOCKED",
};

/**
 * A cell of the matrix as text: `DELETED`, `owner_id=NULL`, `DELETED or workflow_id=NULL` where rows differ, `-` where
 * nothing happens. What the database does not do by itself is followed by who does it.
 */
export function cellText(cell: Pick<Cell, "effect" | "by" | "columns">, spell: Spell): string {
  const said = cell.effect.flatMap((effect): readonly string[] => {
    if (effect === "set null") return [setTo(cell, "NULL", spell)];
    if (effect === "set default") return [setTo(cell, "DEFAULT", spell)];
    return [EFFECTS[effect] ?? []].flat();
  });
  if (said.length === 0) return "-";
  const order = cell.effect.includes("order-dependent") ? " (order-dependent)" : "";
  return `${said.join(" or ")}${hand(cell.by)}${order}`;
}

const setTo = ({ columns }: Pick<Cell, "columns">, value: string, spell: Spell): string =>
  columns.map((c) => `${spell(c)}=${value}`).join(", ");
