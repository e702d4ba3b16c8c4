/** What is read of Drizzle's tables. Drizzle keeps it under symbols that are the same in all of its copies. */
export interface DrizzleColumn {
  readonly name: string;
  /** True where the column has no name of its own but the property's, which `casing` turns into one. */
  readonly keyAsName: boolean;
  readonly notNull: boolean;
  readonly primary: boolean;
  readonly isUnique: boolean;
}

export interface DrizzleForeignKey {
  readonly reference: () => {
    readonly columns: readonly DrizzleColumn[];
    readonly foreignTable: DrizzleTable;
    readonly foreignColumns: readonly DrizzleColumn[];
  };
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

export interface DrizzleKey {
  readonly columns: readonly DrizzleColumn[];
}

export interface DrizzleIndex {
  readonly config: {
    /** Columns, and expressions, which have no name. */
    readonly columns: readonly Partial<DrizzleColumn>[];
    readonly unique?: boolean;
    readonly where?: unknown;
  };
}

/** The object that an application exports for a table. */
export type DrizzleTable = Readonly<Record<symbol, unknown>>;

/** What `relations()` returns. */
export interface DrizzleRelations {
  readonly table: DrizzleTable;
  readonly config: (helpers: object) => object;
}

const symbol = (name: string) => Symbol.for(`drizzle:${name}`);

const NAME = symbol("OriginalName");
const SCHEMA = symbol("Schema");
const COLUMNS = symbol("Columns");
const IS_TABLE = symbol("IsDrizzleTable");
const KIND = symbol("entityKind");
const EXTRA = symbol("ExtraConfigBuilder");
const EXTRA_COLUMNS = symbol("ExtraConfigColumns");

/** Builders of three dialects are told by how their kind ends: `PgIndexBuilder`, `SQLiteIndexBuilder`. */
const kindOf = (value: unknown): string => {
  const made = (value as { constructor?: Record<symbol, unknown> } | null)?.constructor;
  return String(made?.[KIND] ?? "");
};

export const isTable = (value: unknown): value is DrizzleTable =>
  typeof value === "object" && value !== null && (value as DrizzleTable)[IS_TABLE] === true;

export const isRelations = (value: unknown): value is DrizzleRelations =>
  typeof value === "object" && value !== null && kindOf(value) === "Relations";

/** The table's name and schema, whatever alias a query gives it. */
export const nameOf = (table: DrizzleTable) => ({
  name: String(table[NAME]),
  schema: table[SCHEMA] as string | undefined,
});

/** By the property that the application has for each. */
export const columnsOf = (table: DrizzleTable) => table[COLUMNS] as Readonly<Record<string, DrizzleColumn>>;

export interface DrizzleConstraints {
  /** Those of `references()`. */
  readonly inline: readonly DrizzleForeignKey[];
  /** Those of `foreignKey()`. */
  readonly foreignKeys: readonly DrizzleForeignKey[];
  readonly primaryKeys: readonly DrizzleKey[];
  readonly uniques: readonly DrizzleKey[];
  readonly indexes: readonly DrizzleIndex[];
}

/** What a table's columns and its third argument declare. */
export function constraintsOf(table: DrizzleTable): DrizzleConstraints {
  const inline = Object.getOwnPropertySymbols(table).find((s) =>
    s.description?.endsWith("InlineForeignKeys"),
  );
  const extra = table[EXTRA] as ((columns: unknown) => object) | undefined;
  const given = extra?.(table[EXTRA_COLUMNS] ?? table[COLUMNS]) ?? [];
  const builders = Array.isArray(given) ? given.flat(1) : Object.values(given);
  const built = <T>(kind: string) =>
    builders.filter((b) => kindOf(b).endsWith(kind)).map((b) => b.build(table) as T);
  return {
    inline: Object.values((inline && table[inline]) ?? []) as readonly DrizzleForeignKey[],
    foreignKeys: built("ForeignKeyBuilder"),
    primaryKeys: built("PrimaryKeyBuilder"),
    uniques: built("UniqueConstraintBuilder"),
    indexes: built("IndexBuilder"),
  };
}
