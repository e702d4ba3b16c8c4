import type { Relation } from "../model/relation.ts";

/** The engine refuses the statement. */
export class Refused extends Error {
  /** The constraint that refuses; null where it is no foreign key. */
  readonly relation: Relation | null;
  readonly why: "referenced" | "not-null" | "check" | "unique" | "no-parent" | "depth" | "circle";

  constructor(relation: Relation | null, why: Refused["why"]) {
    super(why);
    this.relation = relation;
    this.why = why;
  }
}

/** Something decides that the rows and constraints at hand do not tell. */
export class Unforeseen extends Error {}
