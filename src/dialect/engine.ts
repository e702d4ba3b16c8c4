import type { OnDeleteError } from "../error.ts";
import type { EngineInfo, Model } from "../model/model.ts";
import type { NativeVerdict } from "../model/plan.ts";
import type { Relation } from "../model/relation.ts";
import type { Table, TableId } from "../model/table.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Constraints } from "./constraints.ts";
import type { NativeBehaviour } from "./native.ts";
import type { Sql } from "./sql.ts";
import type { Syntax } from "./syntax.ts";
import type { Lexicon } from "./tokens.ts";

/** A row as the engine gave it: integers, booleans and text as text, null as null. Select text where a type matters. */
export type Row = Readonly<Record<string, string | null>>;

/** Statements inside one transaction of one session. */
export interface Transaction {
  rows(statement: Sql): Promise<readonly Row[]>;
  /** Runs a statement and returns the rows that it changed itself, cascades not counted. */
  run(statement: Sql): Promise<number>;
  /** Does work that the engine may refuse, which takes back no more than that work; returns the refusal. */
  attempt<T>(work: () => Promise<T>): Promise<T | OnDeleteError>;
  /** Whether all statements see one snapshot; false in a caller's READ COMMITTED transaction. */
  readonly snapshot: boolean;
  /** Whether the transaction is the caller's: it is not ours to commit, and DDL in it may not be ours to run. */
  readonly joined: boolean;
}

export interface TransactionOptions {
  readonly signal?: AbortSignal;
}

export interface ReadOptions extends TransactionOptions {
  /** Whether scratch tables will be made; the transaction refuses writes otherwise. */
  readonly scratch: boolean;
}

export interface WriteOptions extends TransactionOptions {
  /** How long a statement waits for a lock before it fails with code `locked`. */
  readonly lockTimeoutMs: number;
  /** One snapshot for all statements, where the capability `snapshotsProtect` is there and the transaction is not the caller's. */
  readonly snapshot?: true;
  /**
   * `suspended`: the engine runs no referential action and no check of a foreign key; the work does and proves all of
   * it. Only where the capability `suspendsActions` is there, and not in a caller's transaction, where it has no effect.
   */
  readonly actions?: "suspended";
  /**
   * How long the server keeps the transaction for a process that says nothing, so that one that has stopped does not
   * hold its locks for ever; where the engine has a server that can tell.
   */
  readonly idleTimeoutMs?: number;
}

/** Which tables a model is read for; undefined lists mean all user namespaces and all tables. */
export interface CatalogScope {
  readonly namespaces?: readonly string[];
  /** Name prefix (engines without namespaces) or namespace of ondelete's own tables, left out of the model. */
  readonly journal: { readonly schema: string; readonly prefix: string };
}

/** A RESTRICT or NO ACTION edge between rows that go together, as the verdict of a bare DELETE needs it. */
export interface InnerFacts {
  readonly relation: Relation;
  /** Rows by depth of the child minus depth of the parent. */
  readonly byDifference: ReadonlyMap<number, number>;
  /** How many of the rows reference themselves. */
  readonly selfReferences: number;
}

/** Rows that were deleted and rows that were updated, by table, or all of them together. */
export type ChangedRows =
  | {
      readonly kind: "by-table";
      readonly deleted: ReadonlyMap<TableId, number>;
      readonly updated: ReadonlyMap<TableId, number>;
    }
  | { readonly kind: "total"; readonly rows: number };

/**
 * The rows changed since it was begun, which cannot be more than `expected`, without `journalRows` that ondelete has
 * added to its own tables since.
 */
export type ChangeCounter = (expected: number, journalRows: number) => Promise<ChangedRows>;

/** Selects of one text column named `key` each. */
export interface KeySelects {
  readonly selects: readonly Sql[];
  /** Gives a statement all that the selects read from. */
  readonly over: (statement: Sql) => Sql;
}

/** Order-independent summary of a set of keys. */
export interface KeySum {
  readonly rows: number;
  /** Two sums, each over 60 bits of every key's SHA-256, as decimal text. */
  readonly sums: readonly [string, string];
}

/** An open database of one engine. The contract that every engine folder fulfils; verbs know nothing else of an engine. */
export interface Engine {
  readonly info: EngineInfo;
  readonly capabilities: Capabilities;
  /** How it reads SQL text. */
  readonly lexicon: Lexicon;
  readonly syntax: Syntax;
  /** Reads the whole model in at most 10 queries, however many tables. */
  readModel(scope: CatalogScope): Promise<Model>;
  /** A text that changes whenever the model may have changed, row estimates and sequences aside; null where none is cheap to have. */
  modelVersion(): Promise<string | null>;
  /** Runs work on one snapshot where there is one, and leaves nothing behind, also after an error. */
  read<T>(options: ReadOptions, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Runs work in a transaction that is committed when it returns and rolled back when it throws. */
  write<T>(options: WriteOptions, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Lends work an engine on one session, whose transactions are all part of one that is taken back at the end, also where
   * the work returns: an experiment on the real database. Inside, work is as in a caller's transaction (`joined`).
   */
  rehearse<T>(work: (engine: Engine) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Lends work an empty copy of some tables, triggers included, with their constraints made in an order, and removes it.
   * @throws `unsupported` in a caller's transaction where DDL is not part of it, `privilege-missing`
   */
  scratchCopy<T>(what: CopiedTables, work: (copy: ScratchCopy) => Promise<T>): Promise<T>;
  /** Sums up keys in one statement, those of every select by themselves. */
  sumKeys(tx: Transaction, keys: KeySelects): Promise<readonly KeySum[]>;
  /**
   * Begins to count the rows of some tables that this transaction deletes and updates, those of referential actions
   * included, before it has changed anything; null where the engine does not tell now. Asked where the capability
   * `countsCascades` is there.
   */
  countChanges(tx: Transaction, tables: readonly Table[]): Promise<ChangeCounter | null>;
  readonly native: NativeBehaviour;
  /** The session's settings that have a say in what a delete does, by name. */
  settings(tx: Transaction): Promise<Readonly<Record<string, string>>>;
  /** What rows of a partition, or of a partitioned table, have to fulfil to have a place, as SQL; null where any has one. */
  partitionBounds(tx: Transaction, table: Table): Promise<string | null>;
  readonly constraints: Constraints;
  readonly deferral: Deferral;
  /** What a bare DELETE does about one inner edge. Measured; see the engine's folder. */
  innerVerdict(facts: InnerFacts): NativeVerdict;
  /** The entries of `wanted` that the connected role may not do, the same objects; empty on engines without roles. */
  missingPrivileges(tx: Transaction, wanted: readonly Privilege[]): Promise<readonly Privilege[]>;
  /** The statements that give the connected role what it needs for each kind of work; empty on engines without roles. */
  grants(tx: Transaction, model: Model, journal: CatalogScope["journal"]): Promise<Grants>;
  /** The statements that make ondelete's own tables; each can be repeated safely. */
  journalTables(journal: CatalogScope["journal"]): readonly Sql[];
  /** Whether ondelete's own tables exist. */
  hasJournal(tx: Transaction, journal: CatalogScope["journal"]): Promise<boolean>;
  close(): Promise<void>;
}

/** How rows are made that require each other: references find no row for a while. */
export interface Deferral {
  possible(relation: Relation): boolean;
  /**
   * Lends work a switch by which the references of one relation are deferred from then on, and looks at them at its end.
   * MariaDB and MySQL do not look: there the work itself makes every row that was missing.
   */
  during<T>(tx: Transaction, work: (defer: Defer) => Promise<T>): Promise<T>;
}

/** With the table that has the constraint. */
export type Defer = (relation: Relation, child: Table) => Promise<void>;

/** How the constraints of a copy are ordered: as they are, as a dump and restore makes them, or the other way round. */
export type ConstraintOrder = "as they are" | "as restored" | "reversed";

export interface CopiedTables {
  readonly model: Model;
  /** With every table that they reference. */
  readonly tables: readonly TableId[];
  readonly order: ConstraintOrder;
}

/** An empty copy of tables, under the same ids and in a namespace of its own. */
export interface ScratchCopy {
  readonly engine: Engine;
  readonly model: Model;
}

/** Statements for an owner or superuser to run; each list holds what the one before it does. */
export interface Grants {
  readonly reading: readonly string[];
  readonly operating: readonly string[];
  readonly migrating: readonly string[];
}

export interface Privilege {
  readonly table: TableId;
  readonly right: "select" | "delete" | "update" | "insert";
  /** The columns that an update writes; without them a right on any column is enough for it. */
  readonly columns?: readonly string[];
}
