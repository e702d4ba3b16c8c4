import type { Relation } from "../model/relation.ts";
import type { Check, Index, Table, TableId } from "../model/table.ts";

/** Column name → value as text. */
export type Values = ReadonlyMap<string, string | null>;

/** A row as it is before the delete. */
export interface NativeRow {
  /** Unique among the rows of all tables. */
  readonly id: string;
  readonly table: Table;
  /** In the order of the key. */
  readonly key: readonly string[];
  /** The columns that constraints go by. */
  readonly values: Values;
}

/** What has to be read before a simulation can go on. */
export type Need =
  /** The rows that reference a row by a relation. */
  | { readonly kind: "children"; readonly relation: Relation; readonly row: NativeRow }
  /** The rows of a table that have the values. */
  | { readonly kind: "rows"; readonly table: TableId; readonly values: Values }
  /** Whether a row with other values in some columns is refused by a CHECK. */
  | { readonly kind: "check"; readonly row: NativeRow; readonly values: Values; readonly check: Check }
  /** The rows that share the entry of a unique index with a row that has other values in some columns. */
  | { readonly kind: "unique"; readonly row: NativeRow; readonly values: Values; readonly index: Index };

/** Thrown where a fact is missing: read it and begin again. */
export class Missing extends Error {
  readonly need: Need;

  constructor(need: Need) {
    super(need.kind);
    this.need = need;
  }
}

/** What is known of the rows before the delete: read once, on demand, and used by every simulation. */
export class NativeFacts {
  readonly #rows = new Map<string, NativeRow>();
  readonly #found = new Map<string, readonly string[]>();
  readonly #tables: ReadonlyMap<TableId, Table>;

  /** Ids of the relations by which rows at hand are referenced, before the delete or in some simulation. */
  readonly working = new Set<string>();

  constructor(tables: ReadonlyMap<TableId, Table>) {
    this.#tables = tables;
  }

  table(id: TableId): Table {
    return this.#tables.get(id) as Table;
  }

  row(id: string): NativeRow {
    return this.#rows.get(id) as NativeRow;
  }

  /** Keeps a row, and gives back the one that is known by the same id. */
  add(row: NativeRow): NativeRow {
    const known = this.#rows.get(row.id);
    if (known) return known;
    this.#rows.set(row.id, row);
    return row;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** What was read for a need: rows; of a CHECK the row itself where it refuses. */
  learn(need: Need, rows: readonly NativeRow[]): void {
    const ids = rows.map((row) => this.add(row).id);
    this.#found.set(nameOf(need), ids.sort());
    if (need.kind === "children" && ids.length > 0) this.working.add(need.relation.id);
  }

  knows(need: Need): boolean {
    return this.#found.has(nameOf(need));
  }

  /** @throws {Missing} where it was not read yet */
  ask(need: Need): readonly NativeRow[] {
    const ids = this.#found.get(nameOf(need));
    if (!ids) throw new Missing(need);
    return ids.flatMap((id) => this.#rows.get(id) ?? []);
  }
}

function nameOf(need: Need): string {
  if (need.kind === "children") return `children ${need.relation.id} ${need.row.id}`;
  const values = JSON.stringify([...need.values].sort());
  if (need.kind === "rows") return `rows ${need.table} ${values}`;
  const what = need.kind === "check" ? need.check.expression : need.index.name;
  return `${need.kind} ${need.row.id} ${values} ${what}`;
}
