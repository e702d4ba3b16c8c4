import { mayCollide, type Written, withGenerated } from "../model/guards.ts";
import type { Marker } from "../model/marker.ts";
import type { Relation } from "../model/relation.ts";
import type { Table } from "../model/table.ts";
import type { ChangeCounter } from "./engine.ts";
import type { RowSet } from "./row-set.ts";
import type { Sql } from "./sql.ts";

/** The rows that a delete starts from. */
export interface Roots {
  /** What comes after the columns in a select of them: FROM with the root's table under its own name, and a condition. */
  readonly from: Sql;
  /** The first so many of them, in key order. */
  readonly limit?: number;
  /** Leaves out those that others have locked, where rows are locked. */
  readonly skipLocked?: boolean;
}

/** The rows of one table that go. */
export interface DeletedRows {
  readonly table: Table;
  readonly set: RowSet;
  readonly rows: number;
  /** Smallest and largest distance of a row from a root. */
  readonly depth: number;
  readonly maxDepth: number;
  /** Smallest and largest value of the first key column, as text, of tables that are referenced; nulls for others. */
  readonly bounds: Bounds;
  /** Where the rows are not kept: all those that reference rows of these sets, by columns of the same type. */
  readonly by?: readonly References[];
}

export type Bounds = readonly [string | null, string | null];

/** The rows of a table that reference rows of a set. */
export interface References {
  readonly relation: Relation;
  readonly parents: RowSet;
  /** How many rows the set has. */
  readonly parentRows: number;
}

/** What a column gets: null, the value of its default expression, or what marks its row as deleted; that also as text where it is about to be written. */
export type Assignment =
  | { readonly kind: "null" }
  | { readonly kind: "default"; readonly expression: string }
  | { readonly kind: "marker"; readonly expression: string; readonly text: string | null };

/** Rows of one table that get new values. */
export interface Change {
  readonly table: Table;
  readonly assignments: ReadonlyMap<string, Assignment>;
  readonly rows: RowSet;
  readonly count: number;
  /** Where the rows are not kept: all those of the table that reference rows of this set and, with a marker, are live. */
  readonly by?: References;
  /** The column that a soft delete writes. */
  readonly marker?: Marker;
}

/** Rows that a soft delete marks. */
export interface Mark extends Change {
  readonly marker: Marker;
}

/** Rows that stay and lose a reference: what SET NULL, SET DEFAULT, or ON UPDATE after one of them does to a table. */
export interface Effect extends Change {
  readonly relation: Relation;
  readonly set: "null" | "default" | "cascade";
  readonly bounds: Bounds;
  /** The effect whose new values spread to this one; null where a deleted row is the cause. */
  readonly cause: Effect | null;
}

/** Tables whose rows are deleted one after the other, or, where they reference each other, together. */
export interface DeleteGroup {
  readonly tables: readonly DeletedRows[];
  /** Relations between rows of the group; empty for a table on its own. */
  readonly within: readonly Relation[];
}

/** A delete that is left to the engine's cascade: its rows are counted and not kept. */
export interface Cascade {
  readonly root: DeletedRows;
  /** Puts what a select needs to read the sets around it. */
  readonly over: (uses: readonly RowSet[], select: Sql) => Sql;
  readonly counter: ChangeCounter;
}

/** What is about to be executed: row sets of the running transaction, in the order in which they are dealt with. */
export interface PlannedRows {
  /** The constraints that the database has. */
  readonly relations: readonly Relation[];
  /** The relations that the plan follows and the database does not enforce. */
  readonly unenforced: readonly Relation[];
  /** How the engine's own cascade from the roots deletes exactly these rows; null where it may not. */
  readonly cascade: Cascade | null;
  /** Causes before what they spread to. */
  readonly updates: readonly Effect[];
  readonly marks: readonly Mark[];
  /** Children before parents. */
  readonly deletes: readonly DeleteGroup[];
}

/** The columns that a change writes, with generated ones that follow. */
export const writtenBy = (change: Change): readonly Written[] =>
  withGenerated(
    change.table,
    [...change.assignments].map(([name, { kind }]) => ({ name, toNull: kind === "null" })),
  );

/**
 * Whether a row that stays may take over a unique value of a row that goes, so that the deletes have to come before the
 * updates: where a partial index says `where parent_id is null`, a nulled row enters it. The same holds where a row that
 * goes references a value that the update changes.
 */
export function takesOver(
  effect: Effect,
  deleted: ReadonlySet<string>,
  relations: readonly Relation[],
): boolean {
  const { table } = effect;
  const written = writtenBy(effect);
  if (deleted.has(table.id) && table.indexes.some((i) => written.some((w) => mayCollide(i, w)))) return true;
  return relations.some(
    (r) =>
      r.parent === table.id &&
      deleted.has(r.child) &&
      r.parentColumns.some((c) => written.some((w) => w.name === c)),
  );
}

/** Whether updates have to come after the deletes, because rows that stay may take over unique values of rows that go. */
export function deletesComeFirst({ updates, deletes, relations }: PlannedRows): boolean {
  const deleted = new Set(deletes.flatMap((g) => g.tables.map((t) => t.table.id)));
  return updates.some((effect) => takesOver(effect, deleted, relations));
}
