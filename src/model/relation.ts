import type { Written } from "./guards.ts";
import { columnOf, type Table, type TableId } from "./table.ts";

/** What happens to a reference when the row it points at goes or changes, spelled as in DDL. */
export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** The type column of a polymorphic relation and the values that mean this relation's parent. */
export interface When {
  readonly column: string;
  readonly values: readonly string[];
}

/** An edge child → parent of the graph, declared by a constraint or by the policy. */
export interface Relation {
  /** `child(cols) -> parent(cols)`, see {@link relationId}; unique within a model. */
  readonly id: string;
  readonly child: TableId;
  readonly columns: readonly string[];
  readonly parent: TableId;
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly enforcedBy: "database" | "application" | "nobody";
  readonly origin: "declared" | "configured" | "inferred";
  /** The constraint's name; null for a relation without constraint or a constraint without a name. */
  readonly name: string | null;
  readonly match: "simple" | "full" | "partial";
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  /** False while old rows were never checked (NOT VALID). */
  readonly validated: boolean;
  /** False for NOT ENFORCED, disabled referential triggers, or enforcement switched off. */
  readonly enforced: boolean;
  /**
   * Why a constraint is not enforced: it is declared so, its triggers are disabled or missing, or the session does not
   * enforce any. Absent where it is enforced.
   */
  readonly unenforced?: "declared" | "disabled" | "missing" | "session";
  /** Tables, the child or partitions at either end, on which triggers of an enforced constraint are disabled or missing. */
  readonly unguarded?: readonly TableId[];
  /** The columns of ON DELETE SET NULL (…) or SET DEFAULT (…); null where all of them are set. */
  readonly setColumns: readonly string[] | null;
  /** Whether a valid index leads with the referencing columns. */
  readonly indexed: boolean;
  /** Position in which the engine runs this relation's action among those of the same parent, from 0; -1 without a constraint. */
  readonly order: number;
  /** The engine's own trigger for ON DELETE, where the engine has one. */
  readonly triggerName: string | null;
  readonly when: When | null;
  /** True where the last column holds a range, which references what it overlaps (PostgreSQL PERIOD). */
  readonly period?: true;
  /** The partition that alone carries the constraint, where it is not declared on the partitioned table `child`. */
  readonly childPartition: TableId | null;
  /** The partition that the constraint references, where it does not reference the partitioned table `parent`. */
  readonly parentPartition: TableId | null;
}

/**
 * The printable id of a relation, e.g. `runs(workflow_id) -> workflow(uid)`, names unquoted, columns separated by a
 * comma without space; a polymorphic one shows its type column: `award[object_type=person](object_id) -> person(id)`.
 */
export function relationId(r: {
  readonly child: TableId;
  readonly columns: readonly string[];
  readonly parent: TableId;
  readonly parentColumns: readonly string[];
  readonly when?: When | null;
}): string {
  const when = r.when ? `[${r.when.column}=${r.when.values.join(",")}]` : "";
  return `${r.child}${when}(${r.columns.join(",")}) -> ${r.parent}(${r.parentColumns.join(",")})`;
}

/** The columns that SET NULL or SET DEFAULT writes on delete; a polymorphic SET NULL also clears the type column. */
export function columnsSetBy(relation: Relation): readonly string[] {
  const columns = relation.setColumns ?? relation.columns;
  return relation.when && relation.onDelete === "set null" ? [...columns, relation.when.column] : columns;
}

/** The same columns with what they get: null, or the column's default, which is null where there is none. */
export function writtenOnDelete(child: Table, relation: Relation): readonly Written[] {
  const toNull = (name: string) => relation.onDelete === "set null" || columnOf(child, name).default === null;
  return columnsSetBy(relation).map((name) => ({ name, toNull: toNull(name) }));
}

/** Child, parent and column pairs in an order of their own, so that a differently written list is the same relation. */
export function pairsOf(
  r: Pick<Relation, "child" | "columns" | "parent" | "parentColumns"> &
    Partial<Pick<Relation, "childPartition">>,
): string {
  const columns = r.columns.map((c, i) => `${c}\u0000${r.parentColumns[i]}`).sort();
  return JSON.stringify([r.childPartition ?? r.child, r.parent, columns]);
}
