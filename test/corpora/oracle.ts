import { type Catalog, type Edge, keyOf, type Row, tableOf } from "./catalog.ts";
import type { Changes } from "./changes.ts";

/** What deleting one row does by the definitions of `semantics.md`, found out with rows in memory. */
export interface Expected {
  readonly changes: Changes;
  /** Rows outside the closure that reference it by RESTRICT or NO ACTION, by edge. */
  readonly blockers: Readonly<Record<string, number>>;
  readonly deleted: Readonly<Record<string, number>>;
  readonly gone: Gone;
}

/** Rows that go, by table. */
export type Gone = ReadonlyMap<string, ReadonlySet<Row>>;

/** Rows by what they reference: edge id → referenced values → rows. */
export type References = ReadonlyMap<string, ReadonlyMap<string, readonly Row[]>>;

type AllRows = ReadonlyMap<string, ReadonlyMap<string, Row>>;

/** Where every row of the database points; made once for many deletes. */
export function indexReferences(catalog: Catalog, rows: AllRows): References {
  return new Map(
    catalog.edges.map((edge) => {
      const byTarget = new Map<string, Row[]>();
      for (const row of rows.get(edge.child)?.values() ?? []) {
        if (edge.columns.some((c) => row[c] === null)) continue;
        const target = JSON.stringify(edge.columns.map((c) => row[c]));
        const known = byTarget.get(target);
        if (known) known.push(row);
        else byTarget.set(target, [row]);
      }
      return [edge.id, byTarget];
    }),
  );
}

/** A fixpoint, row by row. ON UPDATE is not followed: no column that SET NULL writes is referenced in the corpora. */
export function expectedDelete(
  catalog: Catalog,
  references: References,
  root: { readonly table: string; readonly row: Row },
): Expected {
  const gone = new Map<string, Set<Row>>();
  const queue = [root];
  for (let next = queue.pop(); next; next = queue.pop()) {
    const rows = gone.get(next.table) ?? new Set();
    gone.set(next.table, rows);
    if (rows.has(next.row)) continue;
    rows.add(next.row);
    for (const edge of catalog.edges.filter((e) => e.action === "cascade"))
      for (const row of childrenOf(edge, next, references)) queue.push({ table: edge.child, row });
  }
  const staying = (edge: Edge): readonly Row[] =>
    [...(gone.get(edge.parent) ?? [])]
      .flatMap((row) => childrenOf(edge, { table: edge.parent, row }, references))
      .filter((row) => !gone.get(edge.child)?.has(row));
  const blockers = catalog.edges
    .filter((e) => e.action === "restrict" || e.action === "no action")
    .map((e) => [e.id, staying(e).length] as const)
    .filter(([, n]) => n > 0);
  return {
    changes: changesOf(catalog, gone, staying),
    blockers: Object.fromEntries(blockers),
    gone,
    deleted: Object.fromEntries([...gone].map(([table, rows]) => [table, rows.size])),
  };
}

/** The rows that reference a row by the edge. */
export function childrenOf(
  edge: Edge,
  parent: { readonly table: string; readonly row: Row },
  references: References,
): readonly Row[] {
  if (edge.parent !== parent.table) return [];
  const target = JSON.stringify(edge.parentColumns.map((c) => parent.row[c]));
  return references.get(edge.id)?.get(target) ?? [];
}

function changesOf(catalog: Catalog, gone: Gone, staying: (edge: Edge) => readonly Row[]): Changes {
  const nulled = new Map<string, Map<string, Row>>();
  for (const edge of catalog.edges.filter((e) => e.action === "set null")) {
    const table = tableOf(catalog, edge.child);
    const known = nulled.get(edge.child) ?? new Map<string, Row>();
    for (const row of staying(edge)) {
      const nulls = Object.fromEntries(edge.columns.map((c) => [c, null]));
      known.set(keyOf(table, row), { ...known.get(keyOf(table, row)), ...nulls });
    }
    if (known.size > 0) nulled.set(edge.child, known);
  }
  const touched = catalog.tables.filter((t) => gone.has(t.name) || nulled.has(t.name));
  return Object.fromEntries(
    touched.map((table) => [
      table.name,
      {
        gone: [...(gone.get(table.name) ?? [])].map((row) => keyOf(table, row)).sort(),
        come: [],
        changed: Object.fromEntries([...(nulled.get(table.name) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))),
      },
    ]),
  );
}
