import { type ReferentialAction, type Relation, relationId } from "../../model/relation.ts";
import { findsBy, type Index, type Table, type TableId } from "../../model/table.ts";
import type { Catalog } from "./catalog.ts";
import type { ForeignKeyRow } from "./catalog-constraints.ts";
import { fires } from "./model-triggers.ts";

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: "no action",
  r: "restrict",
  c: "cascade",
  n: "set null",
  d: "set default",
};

const MATCHES: Readonly<Record<string, Relation["match"]>> = { s: "simple", f: "full", p: "partial" };

/** The foreign keys of a catalog as relations, in the order in which their triggers fire. */
export function readRelations(catalog: Catalog, tables: ReadonlyMap<string, Table>): readonly Relation[] {
  const replica = catalog.session.replica === "true";
  const known = catalog.foreignKeys.filter((row) => tables.has(row.child) && tables.has(row.parent));
  const ordered = known.toSorted((a, b) => compareTriggers(a.trigger, b.trigger));
  const positions = new Map<string, number>();
  return ordered.map((row) => {
    const parent = tables.get(row.parent)?.partitionOf ?? tables.get(row.parent)?.id ?? row.parent;
    const order = row.trigger === null ? -1 : (positions.get(parent) ?? 0);
    if (row.trigger !== null) positions.set(parent, order + 1);
    return relation(row, tables, { order, replica });
  });
}

function compareTriggers(a: string | null, b: string | null): number {
  return Buffer.compare(Buffer.from(a ?? ""), Buffer.from(b ?? ""));
}

function relation(
  row: ForeignKeyRow,
  tables: ReadonlyMap<string, Table>,
  { order, replica }: { readonly order: number; readonly replica: boolean },
): Relation {
  const child = tables.get(row.child) as Table;
  const parent = tables.get(row.parent) as Table;
  const columns: readonly string[] = JSON.parse(row.columns);
  const parentColumns: readonly string[] = JSON.parse(row.parent_columns);
  const enforced = row.enforced === "true" && row.fires !== null && fires(row.fires, replica);
  const unguarded = enforced && !replica ? unguardedBy(row, tables) : [];
  return {
    id: relationId({ child: child.id, columns, parent: parent.id, parentColumns }),
    child: child.partitionOf ?? child.id,
    columns,
    parent: parent.partitionOf ?? parent.id,
    parentColumns,
    onDelete: ACTIONS[row.on_delete] ?? "no action",
    onUpdate: ACTIONS[row.on_update] ?? "no action",
    enforcedBy: enforced ? "database" : "nobody",
    origin: "declared",
    name: row.name,
    match: MATCHES[row.match] ?? "simple",
    deferrable: row.deferrable === "true",
    initiallyDeferred: row.deferred === "true",
    validated: row.validated === "true",
    enforced,
    ...(enforced ? {} : { unenforced: whyNot(row, replica) }),
    ...(unguarded.length > 0 ? { unguarded } : {}),
    setColumns: row.set_columns === null ? null : JSON.parse(row.set_columns),
    indexed: child.indexes.some((index) => serves(index, columns)),
    order,
    triggerName: row.trigger,
    when: null,
    ...(row.period === "true" ? { period: true } : {}),
    childPartition: child.partitionOf ? child.id : null,
    parentPartition: parent.partitionOf ? parent.id : null,
  };
}

function whyNot(row: ForeignKeyRow, replica: boolean): NonNullable<Relation["unenforced"]> {
  if (row.enforced !== "true") return "declared";
  if (row.fires === null) return "missing";
  return replica && fires(row.fires, false) ? "session" : "disabled";
}

/** Triggers of a partition can be missing while those of the partitioned table are there. */
function unguardedBy(row: ForeignKeyRow, tables: ReadonlyMap<string, Table>): readonly TableId[] {
  const oids: readonly string[] = JSON.parse(row.incomplete ?? "[]");
  const ids = oids.flatMap((oid) => tables.get(oid)?.id ?? []);
  return [...new Set(ids)].sort();
}

/** Whether the query of a referential action can use the index. Measured: also one on rows that reference something. */
function serves(index: Index, columns: readonly string[]): boolean {
  if (!index.valid) return false;
  if (index.method !== "btree" && !(index.method === "hash" && columns.length === 1)) return false;
  // Of another collation than the column's an index finds other texts. Measured on PostgreSQL 15: it is not used.
  const plain = index.columns.map((name, i) =>
    name !== null && isNamed(index.entries[i] ?? "", name) ? name : null,
  );
  return findsBy({ ...index, columns: plain }, columns) && leavesOutNulls(index.predicate, columns);
}

const isNamed = (text: string, column: string): boolean =>
  text === column || text === `"${column.replaceAll('"', '""')}"`;

/** No condition, or `(a IS NOT NULL)` of some of the columns, joined by AND. */
function leavesOutNulls(predicate: string | null, columns: readonly string[]): boolean {
  if (predicate === null) return true;
  const parts = predicate.startsWith("((") ? predicate.slice(1, -1).split(" AND ") : [predicate];
  return parts.every((part) => {
    const text = /^\((.+) IS NOT NULL\)$/.exec(part)?.[1] ?? "";
    return columns.some((column) => isNamed(text, column));
  });
}
