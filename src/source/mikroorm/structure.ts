/** What is read of a MikroORM with a SQL driver. */
export interface Mikroorm {
  readonly em: { getEventManager(): { getSubscribers(): Iterable<MikroormSubscriber> } };
  /** The generator's own account of what it makes. */
  readonly schema: { getTargetSchema(): { getTables(): readonly MikroormTable[] } };
  readonly config: {
    get(key: "schemaGenerator"): { readonly createForeignKeyConstraints?: boolean };
    get(key: "schema"): string | undefined;
    get(key: "filters"): Readonly<Record<string, MikroormFilter>>;
  };
  getMetadata(): { getAll(): Iterable<readonly [unknown, MikroormEntity]> };
}

export interface MikroormFilter {
  /** What rows have to be, or a function that returns it. */
  readonly cond: unknown;
  /** Whether it is on where a query says nothing; those of the configuration are. */
  readonly default?: boolean;
  /** An entity, or a list of them. */
  readonly entity?: unknown;
}

export interface MikroormTable {
  readonly name: string;
  readonly schema?: string;
  getColumns(): readonly { readonly name: string; readonly nullable?: boolean }[];
  getIndexes(): readonly MikroormIndex[];
  getPrimaryKey(): MikroormIndex | undefined;
  getForeignKeys(): Readonly<Record<string, MikroormForeignKey>>;
}

export interface MikroormIndex {
  readonly columnNames: readonly string[];
  readonly unique: boolean;
  readonly primary: boolean;
  /** Set where it is made of anything but columns, or holds for some rows only. */
  readonly expression?: unknown;
  readonly where?: unknown;
}

export interface MikroormForeignKey {
  readonly columnNames: readonly string[];
  readonly referencedTableName: string;
  readonly referencedColumnNames: readonly string[];
  readonly deleteRule?: string;
  readonly updateRule?: string;
}

export interface MikroormEntity {
  readonly className: string;
  readonly class: unknown;
  readonly tableName: string;
  readonly schema?: string;
  readonly pivotTable?: boolean;
  readonly props: readonly MikroormProperty[];
  /** Methods by event. */
  readonly hooks: Readonly<Record<string, readonly unknown[]>>;
  readonly filters: Readonly<Record<string, MikroormFilter>>;
  /** The first of those that share a table; itself where it has one to itself. */
  readonly root: MikroormEntity;
}

export interface MikroormProperty {
  readonly name: string;
  /** `m:1`, `1:1`, `1:m`, `m:n`, `embedded`, `scalar`. */
  readonly kind: string;
  readonly fieldNames?: readonly string[];
  readonly referencedColumnNames?: readonly string[];
  readonly targetMeta?: MikroormEntity;
  /** The property of the other side, which has the columns. */
  readonly mappedBy?: string;
  readonly cascade?: readonly string[];
  readonly orphanRemoval?: boolean;
  readonly deleteRule?: string;
  readonly updateRule?: string;
  readonly nullable?: boolean;
  readonly runtimeType?: string;
  readonly primary?: boolean;
  readonly createForeignKeyConstraint?: boolean;
  readonly polymorphic?: unknown;
}

export interface MikroormSubscriber {
  getSubscribedEntities?(): readonly unknown[];
  readonly beforeDelete?: unknown;
  readonly afterDelete?: unknown;
}
