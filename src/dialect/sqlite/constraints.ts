import type { Column } from "../../model/table.ts";
import type { Constraints, TypeShape } from "../constraints.ts";
import { affinityOf } from "./affinity.ts";

/** A length is for people: https://www.sqlite.org/datatype3.html section 3.1.1 */
function shapeOf(column: Column): TypeShape {
  const family = affinityOf(column);
  const length = family === "text" ? /\((\d+)\)/.exec(column.type)?.[1] : undefined;
  return { family, size: length === undefined ? Number.POSITIVE_INFINITY : Number(length), unkept: true };
}

export const constraints: Constraints = {
  shapeOf,
  drop: null,
  nameInPlaceOf: (name) => name,
  validate: null,
  setsSomeColumns: false,
  setsDefaults: true,
};
