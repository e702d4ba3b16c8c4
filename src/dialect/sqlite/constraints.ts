import type { Column } from "../../model/table.ts";
import type { Constraints, TypeShape } from "../constraints.ts";
import { affinityOf } from "./affinity.ts";

/**
 * INTEGER and NUMERIC differ in CAST alone, https://www.sqlite.org/datatype3.html section 3, and a length is for people,
 * section 3.1.1.
 */
function shapeOf(column: Column): TypeShape {
  const affinity = affinityOf(column);
  const length = affinity === "text" ? /\((\d+)\)/.exec(column.type)?.[1] : undefined;
  return {
    family: affinity === "numeric" ? "integer" : affinity,
    size: length === undefined ? Number.POSITIVE_INFINITY : Number(length),
    unkept: true,
  };
}

export const constraints: Constraints = {
  shapeOf,
  drop: null,
  nameInPlaceOf: (name) => name,
  validate: null,
  setsSomeColumns: false,
  setsDefaults: true,
};
