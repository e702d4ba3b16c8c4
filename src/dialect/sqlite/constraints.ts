import type { Constraints } from "../constraints.ts";
import { affinityOf } from "./affinity.ts";

export const constraints: Constraints = {
  // A length is for people: https://www.sqlite.org/datatype3.html section 3.1.1
  shapeOf: (column) => ({ family: affinityOf(column), size: Number.POSITIVE_INFINITY }),
  drop: null,
  nameInPlaceOf: (name) => name,
  validate: null,
  setsSomeColumns: false,
  setsDefaults: true,
};
