import type { Model } from "../model/model.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import type { NativeRow } from "./native-facts.ts";
import type { NativeRun } from "./native-run.ts";
import type { Sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";

/** What an engine does about a bare DELETE, as pure code that is measured against the engine. */
export interface NativeBehaviour {
  /**
   * Does to the rows of a run what the engine's own DELETE of the roots does to them.
   * @throws {Refused} where the engine refuses, {Unforeseen} where this cannot be told
   */
  simulate(run: NativeRun, roots: readonly NativeRow[]): void;
  /** What a write transaction needs in order to tell what a bare DELETE on its own does. */
  readonly asBare: AsBare;
  /** Constraints in the order in which a restored dump has the engine run them. */
  restored(relations: readonly Relation[], model: Model): readonly Relation[];
  /** What decides which of several constraints on one parent the engine runs first, as a sentence. */
  readonly decidedBy: string;
  /** How a constraint that refuses can be made to wait; null where none can. */
  readonly relaxation: Relaxation | null;
  /** How a constraint gets another place among those on its parent; null where its name has no part in that. */
  readonly renaming: Renaming | null;
}

export interface AsBare {
  /** Makes the transaction check constraints as one does that ondelete did not begin. */
  readonly before: readonly Sql[];
  /** Makes it check now what waits for the commit. */
  readonly after: readonly Sql[];
  /** Counts, as `n`, the references of a table that find no row, where nothing else tells that a commit would be refused. */
  readonly dangling: ((table: Table) => Sql) | null;
}

export interface Relaxation {
  readonly kind: "deferrable" | "no-action";
  /** The constraint afterwards; null where nothing is to be changed about it. */
  relaxed(relation: Relation): Relation | null;
  /** The statement that does it; null where it takes more than one. */
  statement(relation: Relation, syntax: Syntax, model: Model): string | null;
  message(relation: Relation): string;
}

export interface Renaming {
  /** A name that puts the constraint before or behind the others. */
  name(relation: Relation, place: "first" | "last", others: readonly Relation[]): string;
  statement(relation: Relation, name: string, syntax: Syntax, model: Model): string;
}
