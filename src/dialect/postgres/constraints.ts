import type { Column } from "../../model/table.ts";
import type { Constraints, TypeShape } from "../constraints.ts";
import { id, sql } from "../sql.ts";

const INTEGERS: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 };

/** A type without its length, and the length. */
function shapeOf({ type, baseType }: Column): TypeShape {
  const below = baseType ?? type;
  const integer = INTEGERS[below];
  if (integer !== undefined) return { family: "integer", size: integer };
  const [, , length] = /^(character varying|text)(?:\((\d+)\))?$/.exec(below) ?? [];
  if (/^(character varying|text)/.test(below) && !below.endsWith("[]"))
    return { family: "text", size: length === undefined ? Number.POSITIVE_INFINITY : Number(length) };
  if (below.endsWith("]")) return { family: below, size: Number.POSITIVE_INFINITY };
  const [, word = below, first, , scale = "0", behind = ""] =
    /^([a-z ]+?)\((\d+)(,(\d+))?\)(.*)$/.exec(below) ?? [];
  // What is before the point decides whether a key fits in; of other types the length, or the precision, does.
  const size = first === undefined ? Number.POSITIVE_INFINITY : Number(first) - Number(scale);
  return { family: `${word}${behind}`, size };
}

/** `server` is the server's version as a number, such as 150018. */
export const constraintsOf = (server: number): Constraints => ({
  shapeOf,
  drop: (name) => sql`drop constraint ${id(name)}`,
  // What is dropped goes first.
  nameInPlaceOf: (name) => name,
  validate: (name) => sql`validate constraint ${id(name)}`,
  // https://www.postgresql.org/docs/15/release-15.html
  setsSomeColumns: server >= 150000,
  setsDefaults: true,
});
