/** What is read of a DataSource of TypeORM's 0.3 and 1. */
export interface TypeormDataSource {
  readonly isInitialized: boolean;
  readonly entityMetadatas: readonly TypeormEntity[];
  /** Those that listen to entities; there once it is initialized or its metadata was built. */
  readonly subscribers: readonly TypeormSubscriber[];
}

export interface TypeormEntity {
  readonly name: string;
  readonly target: unknown;
  readonly inheritanceTree: readonly unknown[];
  readonly tableName: string;
  readonly tableType: string;
  readonly schema?: string;
  readonly database?: string;
  readonly columns: readonly TypeormColumn[];
  readonly primaryColumns: readonly TypeormColumn[];
  readonly uniques: readonly { readonly columns: readonly TypeormColumn[] }[];
  readonly indices: readonly TypeormIndex[];
  readonly foreignKeys: readonly TypeormForeignKey[];
  readonly relations: readonly TypeormRelation[];
  readonly deleteDateColumn?: TypeormColumn;
  readonly beforeRemoveListeners: readonly TypeormListener[];
  readonly afterRemoveListeners: readonly TypeormListener[];
}

export interface TypeormColumn {
  readonly databaseName: string;
  readonly propertyPath: string;
  readonly isNullable: boolean;
  /** A column that only queries have. */
  readonly isVirtualProperty: boolean;
  readonly referencedColumn?: TypeormColumn;
}

export interface TypeormIndex {
  readonly columns: readonly TypeormColumn[];
  readonly isUnique: boolean;
  readonly where?: string;
  readonly synchronize: boolean;
}

export interface TypeormForeignKey {
  readonly columns: readonly TypeormColumn[];
  readonly referencedEntityMetadata: TypeormEntity;
  readonly referencedColumns: readonly TypeormColumn[];
  readonly onDelete?: string;
  readonly onUpdate?: string;
}

export interface TypeormRelation {
  readonly propertyPath: string;
  readonly isOwning: boolean;
  readonly isManyToMany: boolean;
  readonly isCascadeRemove: boolean;
  readonly isCascadeInsert: boolean;
  readonly isCascadeRecover: boolean;
  readonly orphanedRowAction?: string;
  readonly createForeignKeyConstraints: boolean;
  readonly onDelete?: string;
  readonly onUpdate?: string;
  readonly foreignKeys: readonly TypeormForeignKey[];
  readonly joinColumns: readonly TypeormColumn[];
  readonly inverseJoinColumns: readonly TypeormColumn[];
  readonly entityMetadata: TypeormEntity;
  readonly inverseEntityMetadata: TypeormEntity;
  readonly inverseRelation?: TypeormRelation;
  readonly junctionEntityMetadata?: TypeormEntity;
}

export interface TypeormListener {
  readonly propertyName: string;
}

export interface TypeormSubscriber {
  listenTo?(): unknown;
  readonly beforeRemove?: unknown;
  readonly afterRemove?: unknown;
}
