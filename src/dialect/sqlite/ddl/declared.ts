/** A foreign key as its text declares it; what pragma_foreign_key_list leaves out. */
export interface DeclaredForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly parent: string;
  /** Empty where the primary key is meant. */
  readonly parentColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
  /** In lower case, as written; null without MATCH. SQLite itself treats every one as SIMPLE. */
  readonly match: string | null;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
}

export interface DeclaredColumn {
  readonly name: string;
  readonly collation: string | null;
  /** The default as an expression that means the same outside of the table's definition. */
  readonly default: string | null;
  readonly generated: { readonly expression: string; readonly kind: "stored" | "virtual" } | null;
}

export interface DeclaredCheck {
  readonly name: string | null;
  readonly expression: string;
}

/** A UNIQUE or PRIMARY KEY clause. */
export interface DeclaredKey {
  readonly name: string | null;
  readonly primary: boolean;
  readonly columns: readonly string[];
  readonly autoincrement: boolean;
  /** The conflict resolution, in lower case; null for the default, abort. */
  readonly onConflict: string | null;
}

/** What the text of a CREATE TABLE says; all lists in the order of the text. */
export interface DeclaredTable {
  readonly columns: readonly DeclaredColumn[];
  readonly checks: readonly DeclaredCheck[];
  readonly foreignKeys: readonly DeclaredForeignKey[];
  readonly keys: readonly DeclaredKey[];
  readonly withoutRowid: boolean;
  readonly strict: boolean;
}
