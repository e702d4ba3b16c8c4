import type { Document } from "./model.ts";
import type { TableId } from "./table.ts";

/** Primary-key columns and their values as text. */
export type Key = Readonly<Record<string, string>>;

/** What a delete starts from: a table and a condition on it, given as a key, as column values or as SQL. */
export interface Target {
  readonly table: TableId;
  readonly select: Selection;
}

export type Selection =
  /** The row with this key; values as text, in the order of the primary key (or the unique key that stands for it). */
  | { readonly kind: "key"; readonly values: readonly string[] }
  /** Rows whose columns equal the values, compared by the engine; the values are text as typed. */
  | { readonly kind: "columns"; readonly values: Key }
  /** Rows for which a SQL condition of the user's holds. */
  | { readonly kind: "condition"; readonly sql: string };

export type Verdict = "allowed" | "blocked";
export type NativeVerdict = "applies" | "refused" | "order-dependent";

/** What a bare `DELETE` does: `diverges` where it succeeds and leaves another state than the plan. */
export type NativeOutcome = "applies" | "refused" | "diverges" | "unknown";

/** What a bare `DELETE` of the roots would do on this engine, without the policy and without ondelete. */
export interface NativeDelete {
  /** The same as the plan's `nativeVerdict`. */
  readonly verdict: NativeVerdict;
  /** With the constraints of this database as they are, their names and the order in which they were made included. */
  readonly now: NativeOutcome;
  /** With the names and the order that a dump and restore of this database gives them. */
  readonly afterRestore: NativeOutcome;
  /** Why it is not sure what happens; empty where it is. */
  readonly reasons: readonly NativeReason[];
  /** What would make it sure; empty where it is. */
  readonly safer: readonly NativeRemedy[];
}

export interface NativeReason {
  /**
   * `constraint-order`: constraints compete, and their order decides; `row-order`: the order in which the engine comes
   * upon rows decides; `refuses` and `diverges`: what comes of it now; `not-simulated`: what could not be told, and why.
   */
  readonly code: "constraint-order" | "row-order" | "refuses" | "diverges" | "not-simulated";
  /** Ids of the relations that it is about. */
  readonly relations: readonly string[];
  readonly message: string;
}

export interface NativeRemedy {
  readonly kind: "deferrable" | "no-action" | "rename" | "ondelete";
  readonly relation?: string;
  /** The statement that changes the constraint, where one does. */
  readonly sql?: string;
  readonly message: string;
}

export interface PlannedDelete {
  readonly table: TableId;
  readonly rows: number;
  /** Ids of the relations that lead into the table's rows, sorted; empty for the root's table alone. */
  readonly relations: readonly string[];
  /** The smallest distance of one of the rows from a root. */
  readonly depth: number;
}

export interface PlannedUpdate {
  readonly table: TableId;
  readonly columns: readonly string[];
  readonly relation: string;
  readonly set: "null" | "default" | "cascade";
  readonly rows: number;
  readonly sample: readonly Key[];
}

export type BlockReason =
  | "restrict"
  | "no-action"
  | "not-null"
  | "check"
  | "unique"
  | "default-missing"
  | "required-cycle"
  | "privilege"
  | "protected"
  | "external";

export interface Blocker {
  readonly relation: string;
  /** The table whose rows stand in the way. */
  readonly table: TableId;
  readonly action: string;
  readonly reason: BlockReason;
  readonly rows: number;
  /** At most 5 keys, in key order. */
  readonly sample: readonly Key[];
  /** What stands in the way in one sentence, and the name of the constraint where there is one. */
  readonly message: string;
}

export interface InnerEdge {
  readonly relation: string;
  readonly rows: number;
}

export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly relation?: string;
  readonly table?: TableId;
}

export interface PlanStep {
  readonly table: TableId;
  readonly kind: "select" | "update" | "delete";
  readonly rows: number;
  /** The statement with its values written out. */
  readonly sql: string;
  /** Why it is this statement, in this place. */
  readonly why: string;
}

/** What a delete would do, as an artefact that goes through JSON unchanged. */
export interface Plan extends Document {
  readonly kind: "plan";
  readonly target: {
    readonly table: TableId;
    readonly where: string;
    readonly rows: number;
    readonly select: Selection;
  };
  readonly mode: "hard" | "soft";
  readonly strict: boolean;
  readonly verdict: Verdict;
  readonly nativeVerdict: NativeVerdict;
  readonly native: NativeDelete;
  /** Each table once, tables with rows only, parents before children (in a cycle by name). */
  readonly deletes: readonly PlannedDelete[];
  readonly updates: readonly PlannedUpdate[];
  readonly blockers: readonly Blocker[];
  readonly inner: readonly InnerEdge[];
  /** Rows that a soft delete leaves as they are, hidden behind their parent; empty for a hard delete. */
  readonly kept: readonly { readonly table: TableId; readonly rows: number }[];
  /** Rows without a marker that a soft delete moves to the archive; empty for a hard delete. */
  readonly archived: readonly { readonly table: TableId; readonly rows: number }[];
  /** Rows that a soft delete marks: those of `deletes` that are not deleted already; empty for a hard delete. */
  readonly marked: readonly {
    readonly table: TableId;
    readonly columns: readonly string[];
    readonly rows: number;
  }[];
  readonly warnings: readonly Warning[];
  readonly totals: {
    readonly tables: number;
    readonly deleted: number;
    readonly updated: number;
    readonly blocking: number;
  };
  readonly steps: readonly PlanStep[];
  /** Keys of the roots that could be deleted now, in key order, at most 1,000. */
  readonly deletableRoots: readonly Key[];
  /** False where maxRows stopped the plan; counts are then lower bounds. */
  readonly complete: boolean;
  readonly stoppedAt?: TableId;
  /** Order-independent over the keys of every planned row; equal digests mean the same rows. */
  readonly digest: string;
  readonly digestOf: "keys" | "counts";
  /** Of the tables, relations and policy entries that the plan depends on. */
  readonly fingerprint: string;
}

/** Rows that are gone after a plan, by table: of a soft delete those that are marked or archived. */
export function rowsThatGo({
  mode,
  deletes,
  marked,
  archived,
}: Pick<Plan, "mode" | "deletes" | "marked" | "archived">): Readonly<Record<TableId, number>> {
  const gone = new Map([...marked, ...archived].map(({ table, rows }) => [table, rows]));
  const counted = deletes.map(
    ({ table, rows }) => [table, mode === "soft" ? (gone.get(table) ?? 0) : rows] as const,
  );
  return Object.fromEntries(counted.filter(([, rows]) => rows > 0));
}

/** One way by which a row is reached, from a root to the row. */
export interface Path {
  readonly relation: string;
  readonly table: TableId;
  readonly key: Key;
}
