import type { ReferentialAction, When } from "../model/relation.ts";

/** A relation that no constraint declares, or another action for one that a constraint declares. */
export interface RelationConfig {
  /** The referencing table. */
  readonly child: string;
  readonly columns: readonly string[];
  /** The referenced table. */
  readonly parent: string;
  /** As many as `columns`, in the same order. */
  readonly parentColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  /** Who carries the action out; `application` unless given. */
  readonly enforcedBy?: "database" | "application";
  /** Makes the relation polymorphic: it holds for rows whose type column has one of the values. */
  readonly when?: When;
}

export interface TableConfig {
  /** Refuses every delete that takes a row of this table. */
  readonly protected?: boolean;
  /** Columns whose values are never shown. */
  readonly secret?: readonly string[];
}

export interface LimitsConfig {
  /** The largest number of rows that a delete may take; no limit unless given. */
  readonly maxRows?: number | null;
  /** Up to so many rows the digest covers every key; 100,000 unless given. */
  readonly digestRows?: number;
  /** How long a statement waits for a lock, in milliseconds; 5,000 unless given. */
  readonly lockTimeoutMs?: number;
}

/** What `ondelete.config.ts` holds. Every entry can be left out. */
export interface Config {
  /** Where the database is; `--url`, ONDELETE_URL and DATABASE_URL come first. */
  readonly url?: string;
  /**
   * The namespaces (schemas) that `inspect` shows, and in which a table named without one is looked for; all of them
   * unless given. Plans follow relations into every namespace.
   */
  readonly schemas?: readonly string[];
  /** Tables that `inspect` shows, `*` standing for any text. Plans look at every table, shown or not. */
  readonly include?: readonly string[];
  /** Tables that `inspect` leaves out, `*` standing for any text. */
  readonly exclude?: readonly string[];
  readonly relations?: readonly RelationConfig[];
  /** By the table's name, or `namespace.name` outside the default namespace. */
  readonly tables?: Readonly<Record<string, TableConfig>>;
  readonly limits?: LimitsConfig;
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
