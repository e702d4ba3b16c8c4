import type { AttemptsPolicy } from "./attempts.ts";
import type { FileColumn, FileStore } from "./file-store.ts";
import type { Hooks } from "./hook.ts";
import { type Marker, type MarkerKind, markerKind, type Unmarked } from "./marker.ts";
import type { ReferentialAction, Relation, When } from "./relation.ts";
import type { Age, Retention } from "./retention.ts";
import type { Table, TableId } from "./table.ts";

/** A relation as the policy writes it: it overrides a constraint on the same columns, or adds one that none declares. */
export interface PolicyRelation {
  readonly child: TableId;
  readonly columns: readonly string[];
  readonly parent: TableId;
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly enforcedBy: "database" | "application";
  readonly when?: When;
  /** What a soft delete does with rows of the child that have no marker. */
  readonly onSoftDelete?: Unmarked;
}

export interface TablePolicy {
  /** The column that marks rows as deleted; its kind by the column's type where none is given. */
  readonly softDelete?: { readonly column: string; readonly kind?: MarkerKind };
  /** What a soft delete does with the table's rows where it has no marker; `keep` unless given. */
  readonly onSoftDelete?: Unmarked;
  /** A protected table loses no row through ondelete. */
  readonly protected?: boolean;
  /** Rows that no delete may take: all of them, or those for which a SQL condition holds. */
  readonly legalHold?: true | string;
  /** When rows are to go; each with a name of its own. */
  readonly retention?: readonly Retention[];
  /** Columns that hold the path of a file, which goes with its row. */
  readonly files?: readonly FileColumn[];
  /** Which rows are attempts that failed. */
  readonly attempts?: AttemptsPolicy;
  /** Columns whose values are masked in output. */
  readonly secret?: readonly string[];
  /** Whether its rows record what was done, and are to outlive what they tell of. */
  readonly audit?: boolean;
}

/** A reference from outside this database, which nobody here can follow. */
export interface ExternalRelation {
  /** Printed like any relation's. */
  readonly id: string;
  readonly parent: TableId;
  readonly parentColumns: readonly string[];
  /** Which of the configuration's relations it is, from 0. */
  readonly position: number;
}

export interface Limits {
  /** Largest closure, in rows, that is planned to its end; null for no limit. */
  readonly maxRows: number | null;
  /** Up to this many planned rows the digest covers every key. */
  readonly digestRows: number;
  /** How long a statement waits for a lock. */
  readonly lockTimeoutMs: number;
  /** Up to so many rows are deleted in one transaction, unless told otherwise; more in batches. */
  readonly atomicRows: number;
  /** The most rows of one batch. */
  readonly batchRows: number;
  /** How long a batch should take; the next one is made larger or smaller. */
  readonly targetBatchMs: number;
  /** How long a worker that is not heard of keeps an operation. */
  readonly leaseSeconds: number;
}

export interface Policy {
  readonly relations: readonly PolicyRelation[];
  /** Relations that lead out of this database: told of, and handed to hooks. */
  readonly external: readonly ExternalRelation[];
  readonly tables: Readonly<Record<TableId, TablePolicy>>;
  /** What the application does before and after operations. */
  readonly hooks: Hooks;
  /** How long archives are kept; null for ever. */
  readonly keepArchives: Age | null;
  readonly limits: Limits;
  /** Where the journal lives: a schema on engines that have them, a name prefix on the others. */
  readonly journal: { readonly schema: string; readonly prefix: string };
  /** True for an environment in which a delete asks for more. */
  readonly protected: boolean;
}

export const defaultPolicy: Policy = {
  relations: [],
  external: [],
  tables: {},
  hooks: {},
  keepArchives: null,
  limits: {
    maxRows: null,
    digestRows: 100_000,
    lockTimeoutMs: 5_000,
    atomicRows: 100_000,
    batchRows: 10_000,
    targetBatchMs: 50,
    leaseSeconds: 30,
  },
  journal: { schema: "ondelete", prefix: "ondelete_" },
  protected: false,
};

/** The policy's entry as a relation of the graph; `indexed` is what the model knows of the referencing columns. */
export function configuredRelation(entry: PolicyRelation, id: string, indexed: boolean): Relation {
  return {
    id,
    child: entry.child,
    columns: entry.columns,
    parent: entry.parent,
    parentColumns: entry.parentColumns,
    onDelete: entry.onDelete,
    onUpdate: "no action",
    enforcedBy: entry.enforcedBy,
    origin: "configured",
    name: null,
    match: "simple",
    deferrable: false,
    initiallyDeferred: false,
    validated: false,
    enforced: false,
    setColumns: null,
    indexed,
    order: -1,
    triggerName: null,
    when: entry.when ?? null,
    childPartition: null,
    parentPartition: null,
  };
}

/** The table's marker as the policy names it; null where it names none. */
export function markerOf(table: Table, policy: Pick<Policy, "tables">): Marker | null {
  const entry = policy.tables[table.id]?.softDelete;
  if (!entry) return null;
  const column = table.columns.find((c) => c.name === entry.column);
  const kind = entry.kind ?? (column && markerKind(column));
  return kind ? { column: entry.column, kind } : null;
}

/** Whether something is to be done about each row of the table that goes: its file, or a hook for it. */
export const isWatched = ({ tables, hooks }: Pick<Policy, "tables" | "hooks">, table: TableId): boolean =>
  tables[table]?.files !== undefined || hooks.rows?.[table] !== undefined;

/** Whether the policy has anything to be done after a commit. */
export const hasOutbox = ({ tables, hooks }: Pick<Policy, "tables" | "hooks">): boolean =>
  hooks.before !== undefined ||
  hooks.after !== undefined ||
  hooks.rows !== undefined ||
  Object.values(tables).some((t) => t.files !== undefined);

/** Every column that names files of one store. */
export function columnsOfStore(
  { tables }: Pick<Policy, "tables">,
  store: FileStore,
): readonly { readonly table: TableId; readonly column: string }[] {
  return Object.entries(tables).flatMap(([table, { files = [] }]) =>
    files.filter((f) => f.store === store).map(({ column }) => ({ table, column })),
  );
}

/** What a soft delete does with rows of a table without a marker: the strictest of what the policy says. */
export function unmarkedOf(table: Table, policy: Pick<Policy, "tables" | "relations">): Unmarked {
  const said = [
    policy.tables[table.id]?.onSoftDelete,
    ...policy.relations.filter((r) => r.child === table.id).map((r) => r.onSoftDelete),
  ];
  return (["block", "archive"] as const).find((wanted) => said.includes(wanted)) ?? "keep";
}
