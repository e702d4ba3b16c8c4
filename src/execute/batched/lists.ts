import { childFrom, references } from "../../dialect/edge.ts";
import type { DeletedRows, DeleteGroup } from "../../dialect/planned.ts";
import { sameKey } from "../../dialect/row-set.ts";
import { allOf, type Sql, sql } from "../../dialect/sql.ts";
import type { ArchivePlace } from "../../journal/archive.ts";
import { writeList } from "../../journal/work.ts";
import type { Model } from "../../model/model.ts";
import type { Relation } from "../../model/relation.ts";
import type { TableId } from "../../model/table.ts";
import type { WorkList, WorkSource, WorkStep } from "../../model/work.ts";

/** The rows of a plan that later transactions delete. */
export interface Planned {
  readonly model: Model;
  readonly root: TableId;
  /** The relations by which rows of the plan take others along. */
  readonly cascades: readonly Relation[];
  /** Children before parents. */
  readonly deletes: readonly DeleteGroup[];
}

/**
 * Writes down which rows are to go, and makes the steps in which they do. Tables that reference each other go with the
 * rows that they hang off, and so does all that comes after them.
 */
export async function writeLists(
  place: ArchivePlace,
  planned: Planned,
): Promise<{ readonly lists: readonly WorkList[]; readonly steps: readonly WorkStep[] }> {
  const first = planned.deletes.findIndex((g) => g.tables.length > 1 || g.within.length > 0);
  const alone = (first < 0 ? planned.deletes : planned.deletes.slice(0, first)).flatMap((g) => g.tables);
  const parents = alone.flatMap((t) => t.by ?? []).map((r) => r.relation.parent);
  const listed = planned.deletes
    .flatMap((g) => g.tables)
    .filter(
      (t) => !t.by && (alone.includes(t) || parents.includes(t.table.id) || t.table.id === planned.root),
    );
  const lists: WorkList[] = [];
  for (const rows of listed)
    for (const { via, from } of waysTo(place, planned, rows)) {
      const list = lists.length;
      const columns = columnsOf(rows, via);
      const count = await writeList(place, { list, table: rows.table, columns }, from);
      if (count > 0) lists.push({ list, table: rows.table.id, columns, via: via?.id ?? null, rows: count });
    }
  const steps = alone.map((t) => stepOf(t, lists));
  // What is left of the plan hangs off the roots.
  const rest = sourcesOf(lists, planned.root, null);
  return { lists, steps: first < 0 ? steps : [...steps, { table: planned.root, rows: 0, sources: rest }] };
}

const sourcesOf = (
  lists: readonly WorkList[],
  table: TableId,
  relation: string | null,
): readonly WorkSource[] => lists.filter((l) => l.table === table).map(({ list }) => ({ list, relation }));

function stepOf({ table, rows, by }: DeletedRows, lists: readonly WorkList[]): WorkStep {
  const sources = by
    ? by.flatMap(({ relation }) => sourcesOf(lists, relation.parent, relation.id))
    : sourcesOf(lists, table.id, null);
  return { table: table.id, rows, sources };
}

const columnsOf = ({ set }: DeletedRows, via: Relation | null): readonly string[] => [
  ...new Set([...set.columns, ...(via?.columns ?? []), ...(via?.when ? [via.when.column] : [])]),
];

/** A table's rows by the first relation through which each was found, as items of FROM; null for those that were roots. */
function waysTo(
  place: ArchivePlace,
  planned: Planned,
  { table, set }: DeletedRows,
): readonly { readonly via: Relation | null; readonly from: Sql }[] {
  const all = sql`${set.from} as s join ${place.syntax.rows(table)} as t on ${sameKey("t", "s", set.key)}`;
  const incoming = planned.cascades.filter((r) => r.child === table.id && setOf(planned, r.parent));
  if (table.id === planned.root) return [{ via: null, from: all }];
  const [only] = incoming;
  if (incoming.length === 1 && only) return [{ via: only, from: all }];
  return incoming.map((via, i) => {
    const before = incoming.slice(0, i).map((r) => sql`not ${found(place, planned, r, set.key)}`);
    return { via, from: sql`${all} where ${allOf([found(place, planned, via, set.key), ...before])}` };
  });
}

const setOf = ({ deletes }: Planned, table: TableId) =>
  deletes.flatMap((g) => g.tables).find((t) => t.table.id === table)?.set;

/** Whether the row of `t` was found through the relation. */
function found({ syntax }: ArchivePlace, planned: Planned, relation: Relation, key: readonly string[]): Sql {
  const { model } = planned;
  const refs = references(syntax, model, relation, { child: "c", parent: "p" });
  return sql`exists (select 1 from ${childFrom(syntax, model, relation)} as c join ${setOf(planned, relation.parent)?.from ?? sql``} as p on ${refs} where ${sameKey("c", "t", key)})`;
}
