import type { Column } from "../model/table.ts";
import type { Sql } from "./sql.ts";

/** What decides whether a value of one column can be in another. */
export interface TypeShape {
  /** Columns of one family hold the same kind of values. */
  readonly family: string;
  /** How much of them: bytes of a number, characters of a text; Infinity where there is no limit. */
  readonly size: number;
  /** The length is for people: the engine holds values of any. */
  readonly unkept?: true;
}

/** What an engine says about foreign keys, for those who judge and change them. */
export interface Constraints {
  shapeOf(column: Column): TypeShape;
  /** The clause of ALTER TABLE that drops a foreign key; null where the table has to be made anew. */
  readonly drop: ((name: string) => Sql) | null;
  /** The name of a foreign key that the statement adds which drops another of a name. */
  readonly nameInPlaceOf: (name: string) => string;
  /** The clause of ALTER TABLE that has old rows checked; null where all are. */
  readonly validate: ((name: string) => Sql) | null;
  /** SET NULL takes a list of the columns to set. */
  readonly setsSomeColumns: boolean;
  /** SET DEFAULT does so; where false, the engine takes it and does something else. */
  readonly setsDefaults: boolean;
}
