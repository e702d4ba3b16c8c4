import type { Column } from "../../model/table.ts";
import type { Constraints } from "../constraints.ts";
import { affinityOf } from "./affinity.ts";

/** INTEGER and NUMERIC differ in CAST alone: https://www.sqlite.org/datatype3.html section 3 */
function familyOf(column: Pick<Column, "type">): string {
  const affinity = affinityOf(column);
  return affinity === "numeric" ? "integer" : affinity;
}

export const constraints: Constraints = {
  // A length is for people: https://www.sqlite.org/datatype3.html section 3.1.1
  shapeOf: (column) => ({ family: familyOf(column), size: Number.POSITIVE_INFINITY }),
  drop: null,
  nameInPlaceOf: (name) => name,
  validate: null,
  setsSomeColumns: false,
  setsDefaults: true,
};
