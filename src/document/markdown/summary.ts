import type { Consequence, Deletion, Documentation } from "../../model/documentation.ts";
import { cellText } from "../cell-text.ts";
import { name, names, table } from "./names.ts";

/** Above so many parents every deletion is told in a few lines, and the matrix is left to them. */
export const WIDEST_MATRIX = 40;

const INTRODUCTION =
  "`BLOCKED`: rows of the affected table keep the row that they refer to from being deleted. A table that is not listed is referenced by none; deleting from it changes no other.";

/** For every parent, what deleting its rows does to other tables. */
export function summary({ deletions }: Documentation): readonly string[] {
  if (deletions.length === 0) return [];
  const tell = deletions.length > WIDEST_MATRIX ? inShort : inFull;
  return [
    INTRODUCTION,
    "",
    ...deletions.flatMap((d) => [`### Deleting from ${name(d.table)}`, "", ...tell(d)]),
  ];
}

function inFull({ consequences }: Deletion): readonly string[] {
  const rows = consequences.map((c) => [
    name(c.table),
    behaviour(c),
    c.chain.map(name).join(" → "),
    c.by ?? "-",
  ]);
  return table(["Affected table", "Behaviour", "Chain", "Done by"], rows);
}

/** One line for each thing that happens, with the tables to which it does. */
function inShort({ consequences }: Deletion): readonly string[] {
  const groups = Map.groupBy(consequences, behaviour);
  const rows = [...groups].map(([what, list]) => [what, names([...new Set(list.map((c) => c.table))])]);
  return table(["Behaviour", "Affected tables"], rows);
}

const behaviour = (c: Consequence): string =>
  cellText({ effect: [c.effect], by: c.by, columns: c.columns }, name);
