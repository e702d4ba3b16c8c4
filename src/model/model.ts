import type { FaultyKey } from "./faulty-key.ts";
import type { Marker } from "./marker.ts";
import type { Relation } from "./relation.ts";
import type { Table, TableId } from "./table.ts";

export type EngineName = "postgres" | "pglite" | "mysql" | "mariadb" | "sqlite";

export interface EngineInfo {
  readonly name: EngineName;
  readonly version: string;
}

/** What a database declares, with the relations that the policy adds. ondelete's own tables are no part of it. */
export interface Model {
  /** The namespace whose tables are written without it. */
  readonly defaultNamespace: string;
  /** Sorted by id. */
  readonly tables: readonly Table[];
  /** Sorted by id. */
  readonly relations: readonly Relation[];
  /** Foreign keys that lead nowhere, sorted by id; absent where there are none. */
  readonly faultyKeys?: readonly FaultyKey[];
}

/** The first field of every JSON document, and what it is about. */
export interface Document {
  readonly ondelete: "1";
  readonly kind: string;
  readonly engine: EngineInfo;
}

export interface ModelDocument extends Model, Document {
  readonly kind: "model";
  /** With the column that the policy says marks rows as deleted. */
  readonly tables: readonly (Table & { readonly softDelete?: Marker })[];
}

export function tableOf(model: Model, id: TableId): Table {
  const table = model.tables.find((t) => t.id === id);
  if (!table) throw new Error(`bug in ondelete: no table ${id} in the model`);
  return table;
}

/** Puts `#name` after the id of every relation but the first that shares its id. */
export function withUniqueIds(relations: readonly Relation[]): readonly Relation[] {
  const seen = new Set<string>();
  return relations.map((r) => {
    const id = seen.has(r.id) ? `${r.id}#${r.name ?? ""}` : r.id;
    seen.add(id);
    return { ...r, id };
  });
}
