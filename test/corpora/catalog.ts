/** What deleting a referenced row does, spelled as in DDL. */
export type Action = "no action" | "restrict" | "cascade" | "set null" | "set default";

export type Row = Readonly<Record<string, string | null>>;

export interface CorpusTable {
  readonly name: string;
  /** Columns of the primary key, in order. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** The table in which a plan counts its rows: the partitioned one, where it is a partition. */
  readonly countedAs: string;
  /** Whether deleting a row of it fires a trigger of the user's. */
  readonly deleteTrigger: boolean;
  /** False where a delete cannot be rolled back, so that the engine's own is not tried. */
  readonly transactional: boolean;
}

export interface Edge {
  /** `child(columns) -> parent(columns)` */
  readonly id: string;
  readonly name: string;
  readonly child: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
  readonly action: Action;
  /** Whether every referencing column can hold null. */
  readonly nullable: boolean;
}

/** What a database declares, read from the engine's catalog by queries of the tests' own. Only tables that hold rows themselves. */
export interface Catalog {
  readonly tables: readonly CorpusTable[];
  readonly edges: readonly Edge[];
}

export const edgeId = (e: Pick<Edge, "child" | "columns" | "parent" | "parentColumns">): string =>
  `${e.child}(${e.columns.join(",")}) -> ${e.parent}(${e.parentColumns.join(",")})`;

export function tableOf(catalog: Catalog, name: string): CorpusTable {
  const table = catalog.tables.find((t) => t.name === name);
  if (!table) throw new Error(`the catalog has no table ${name}`);
  return table;
}

/** A row's key as one text. */
export const keyOf = (table: CorpusTable, row: Row): string => JSON.stringify(table.key.map((c) => row[c]));
