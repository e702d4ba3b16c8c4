import type { RetryHook } from "../model/attempts.ts";
import type { Level } from "../model/check-settings.ts";
import type { FileStore } from "../model/file-store.ts";
import type { Hooks } from "../model/hook.ts";
import type { MarkerKind, Unmarked } from "../model/marker.ts";
import type { ReferentialAction, When } from "../model/relation.ts";
import type { SchemaSource } from "../source/source.ts";

/** A relation that no constraint declares, or another action for one that a constraint declares. */
export interface RelationConfig {
  /** The referencing table. */
  readonly child: string;
  readonly columns: readonly string[];
  /** The referenced table. */
  readonly parent: string;
  /** As many as `columns`, in the same order. */
  readonly parentColumns: readonly string[];
  /** What becomes of the child's rows; left out where the relation is `external`, and only there. */
  readonly onDelete?: ReferentialAction;
  /** The child is not in this database: plans tell of it, and hooks for the parent's rows are handed it. */
  readonly external?: true;
  /** Who carries the action out; `application` unless given. */
  readonly enforcedBy?: "database" | "application";
  /** Makes the relation polymorphic: it holds for rows whose type column has one of the values. */
  readonly when?: When;
  /** What a soft delete does with the child's rows where they have no marker: see the table's `onSoftDelete`. */
  readonly onSoftDelete?: Unmarked;
}

/** When rows of a table are to go. */
export interface RetentionConfig {
  /** How `purge --policy` names it; the table's name unless given. */
  readonly name?: string;
  /** The column that says how old a row is; the soft-delete marker unless given. */
  readonly column?: string;
  /** An age by the calendar: `"30 days"`, `"12 hours"`, `"7 years"`. */
  readonly olderThan: string;
  /** A SQL condition that rows must fulfil beside their age. */
  readonly where?: string;
  /** Whether rows are deleted or marked as deleted; `hard` unless given. */
  readonly mode?: "hard" | "soft";
  /** How many rows of the table go in one transaction, at most and unless given 1,000. */
  readonly batchRows?: number;
  /** Keeps what is purged, to restore it from; true unless given. */
  readonly archive?: boolean;
}

/** A column that holds the path of a file: below a folder, or in a store of the application's. One of the two is given. */
export interface FilesConfig {
  readonly column: string;
  /** The folder that paths are relative to and never lead out of; relative to the configuration's own folder. */
  readonly root?: string;
  readonly store?: FileStore;
}

/** Which rows of a table are attempts that failed, for `attempts`. */
export interface AttemptsConfig {
  /** The column that says how an attempt stands. */
  readonly status: string;
  /** Its values that mean that the attempt failed. */
  readonly failed: readonly string[];
  /** The column by which the newest come first: a time, or a number that grows. */
  readonly newest: string;
  /** Columns that say what went wrong. */
  readonly errors?: readonly string[];
  /** Where the log of an attempt is: rows of a table that references it, in the order of a column, or a file of `files`. */
  readonly logs?: { readonly table: string; readonly order: string } | { readonly file: string };
  /** Makes a new attempt and returns its key; the one that failed stays as it is. */
  readonly retry?: RetryHook;
}

export interface TableConfig {
  /** Which of the table's rows are attempts that failed. */
  readonly attempts?: AttemptsConfig;
  /** Files that belong to the table's rows and go with them. */
  readonly files?: FilesConfig | readonly FilesConfig[];
  /** Refuses every delete that takes a row of this table. */
  readonly protected?: boolean;
  /** Rows that no delete takes: all of them, or those for which a SQL condition holds. */
  readonly legalHold?: true | string;
  /** When rows are to go, for `purge`. */
  readonly retention?: RetentionConfig | readonly RetentionConfig[];
  /** Columns whose values are never shown. */
  readonly secret?: readonly string[];
  /**
   * The column that a soft delete writes: a time, a boolean, or a whole number of `seconds` or `milliseconds` since 1970.
   * Its kind follows from its type unless it is given.
   */
  readonly softDelete?: string | { readonly column: string; readonly kind?: MarkerKind };
  /**
   * What a soft delete does with rows of a table without such a column: `keep` leaves them, hidden behind their parent,
   * `archive` moves them to the archive, `block` refuses. The strictest holds of what the table and its relations say;
   * `keep` unless given.
   */
  readonly onSoftDelete?: Unmarked;
  /** Whether the table records what was done, so that its rows are to outlive what they tell of; see docs/check.md. */
  readonly audit?: boolean;
}

/** Files that say what a database is to be. One of the two is given. */
export interface SourceFileConfig {
  /** A Prisma schema, or a folder of its files. */
  readonly prisma?: string;
  /** Files of DDL, in the order in which they run. */
  readonly sql?: string | readonly string[];
}

/** A schema in code: what `drizzle`, `prisma`, `typeorm`, `mikroorm` or `sql` returns, or files by their paths. */
export type SourceConfig = SchemaSource | SourceFileConfig;

export interface LimitsConfig {
  /** The largest number of rows that a delete may take; no limit unless given. */
  readonly maxRows?: number | null;
  /** Up to so many rows the digest covers every key; 100,000 unless given. */
  readonly digestRows?: number;
  /** How long a statement waits for a lock, in milliseconds; 5,000 unless given. */
  readonly lockTimeoutMs?: number;
  /** Deletes of more rows are carried out in batches unless told otherwise; 100,000 unless given. */
  readonly atomicRows?: number;
  /** The most rows of one batch; 10,000 unless given. */
  readonly batchRows?: number;
  /** How long a batch should take, in milliseconds, by which their size is found; 50 unless given. */
  readonly targetBatchMs?: number;
  /** How long an operation is kept for a process that is not heard of any more; 30 unless given. */
  readonly leaseSeconds?: number;
}

/** The level of a rule, or its level and options. */
export type RuleConfig = Level | { readonly level?: Level; readonly [option: string]: Level | number };

/** Findings to leave out, for a reason and until a day. */
export interface IgnoreConfig {
  readonly rule: string;
  /** The object of the findings as `check` prints it, `*` standing for any text. */
  readonly object: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it holds: `"2026-12-31"`. From the next day on it is an error itself. */
  readonly expires: string;
}

/** What `check` looks for. */
export interface ChecksConfig {
  /** By the rule's id; what is said of no rule is as in docs/rules. */
  readonly rules?: Readonly<Record<string, RuleConfig>>;
  readonly ignores?: readonly IgnoreConfig[];
  /** Files of Markdown that say what deletes do, for the rule `policy-drift-docs`; see docs/document.md for what is read. */
  readonly documents?: readonly string[];
}

/** What `ondelete.config.ts` holds. Every entry can be left out. */
export interface Config {
  /** Where the database is; `--url`, ONDELETE_URL and DATABASE_URL come first. */
  readonly url?: string;
  /**
   * The namespaces (schemas) that `inspect` and `document` show, and in which a table named without one is looked for; all of them
   * unless given. Plans follow relations into every namespace.
   */
  readonly schemas?: readonly string[];
  /** Tables that `inspect` and `document` show, `*` standing for any text. Plans look at every table, shown or not. */
  readonly include?: readonly string[];
  /** Tables that `inspect` and `document` leave out, `*` standing for any text. */
  readonly exclude?: readonly string[];
  readonly relations?: readonly RelationConfig[];
  /** What the application's code says of the database, for `check` to compare; see docs/sources.md. */
  readonly source?: SourceConfig | readonly SourceConfig[];
  /** By the table's name, or `namespace.name` outside the default namespace. */
  readonly tables?: Readonly<Record<string, TableConfig>>;
  readonly checks?: ChecksConfig;
  readonly limits?: LimitsConfig;
  /** How long archives are kept before `purge` removes them, e.g. `"90 days"`; for ever unless given. */
  readonly archive?: { readonly keep: string };
  /** What the application does before and after operations. */
  readonly hooks?: Hooks;
  /** Where ondelete keeps its own tables: one name for both, or a schema and a prefix; see docs/config.md. */
  readonly journal?: string | { readonly schema?: string; readonly prefix?: string };
  /** True for an environment in which a delete asks for more. */
  readonly protected?: boolean;
}

/**
 * The configuration as it is: gives an editor the names and types of its entries.
 *
 * @example
 * export default defineConfig({
 *   relations: [{ child: "notes", columns: ["owner_id"], parent: "users", parentColumns: ["id"], onDelete: "cascade" }],
 * });
 */
export function defineConfig(config: Config): Config {
  return config;
}
