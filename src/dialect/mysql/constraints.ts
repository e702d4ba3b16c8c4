import type { Column } from "../../model/table.ts";
import type { Constraints, TypeShape } from "../constraints.ts";
import { id, sql } from "../sql.ts";

const INTEGERS: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  mediumint: 3,
  int: 4,
  integer: 4,
  bigint: 8,
};

const TEXTS: Readonly<Record<string, number>> = {
  tinytext: 255,
  text: 65_535,
  mediumtext: 16_777_215,
  longtext: 4_294_967_295,
};

/** The width in `int(11)` is how it is shown, and no part of its size. */
function shapeOf({ type }: Column): TypeShape {
  const [, word = "", length] = /^(\w+)(?:\((\d+)\))?/.exec(type.toLowerCase()) ?? [];
  const integer = INTEGERS[word];
  if (integer !== undefined)
    return { family: /unsigned/i.test(type) ? "unsigned integer" : "integer", size: integer };
  if (word === "char" || word === "varchar") return { family: "text", size: Number(length) };
  const text = TEXTS[word];
  if (text !== undefined) return { family: "text", size: text };
  const [, whole, scale] = /^decimal\((\d+),(\d+)\)/.exec(type.toLowerCase()) ?? [];
  if (whole !== undefined) return { family: "decimal", size: Number(whole) - Number(scale) };
  if (word === "binary" || word === "varbinary") return { family: "binary", size: Number(length) };
  return { family: type.toLowerCase(), size: Number.POSITIVE_INFINITY };
}

export const constraints: Constraints = {
  shapeOf,
  drop: (name) => sql`drop foreign key ${id(name)}`,
  // Measured on MariaDB 10.11: error 1826 for a name that the same statement drops.
  nameInPlaceOf: (name) => `${name.slice(0, 62)}_2`,
  validate: null,
  setsSomeColumns: false,
  // Measured on MariaDB 10.11: SHOW CREATE has it no more, and the constraint restricts. InnoDB of MySQL refuses it.
  setsDefaults: false,
};
