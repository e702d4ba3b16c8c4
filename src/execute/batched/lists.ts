import { childFrom, references } from "../../dialect/edge.ts";
import type { DeletedRows, DeleteGroup } from "../../dialect/planned.ts";
import { type Ranks, rankChildrenFirst } from "../../dialect/ranks.ts";
import { type RowSet, sameKey } from "../../dialect/row-set.ts";
import { allOf, id, raw, type Sql, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
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

/** A step whose rows have been listed, or are found by what they reference. */
interface Draft {
  readonly rows: DeletedRows;
  readonly lists: readonly WorkList[] | null;
  readonly together?: boolean;
}

/**
 * Writes down which rows are to go, and makes the steps in which they do. Rows of tables that reference each other go in
 * the order of their ranks: each after those that reference it. Rows that do so in circles have none: they, and all that
 * comes after them, go with the roots.
 */
export async function writeLists(
  place: ArchivePlace,
  planned: Planned,
): Promise<{ readonly lists: readonly WorkList[]; readonly steps: readonly WorkStep[] }> {
  const writer = new Writer(place, planned);
  const drafts: Draft[] = [];
  const rest = [...planned.deletes];
  for (let whole = true, group = rest[0]; whole && group; group = rest[0]) {
    const made: { readonly drafts: readonly Draft[]; readonly whole: boolean } = await draftsOf(
      writer,
      group,
      drafts.length,
    );
    drafts.push(...made.drafts);
    whole = made.whole;
    if (whole) rest.shift();
  }
  if (rest.length > 0) drafts.push(...(await withTheRoots(writer, rest, drafts)));
  return { lists: writer.lists, steps: drafts.map((draft) => stepOf(draft, writer.lists)) };
}

async function draftsOf(
  writer: Writer,
  group: DeleteGroup,
  n: number,
): Promise<{ readonly drafts: readonly Draft[]; readonly whole: boolean }> {
  const [only] = group.tables;
  if (group.within.length === 0 && only)
    return { drafts: [{ rows: only, lists: only.by ? null : await writer.write(only) }], whole: true };
  const ranks = await writer.rank(group, `_rank_${n}`);
  const drafts: Draft[] = [];
  for (let level = 0; level < ranks.levels; level++) {
    for (const rows of group.tables) {
      const ranked = ranks.ranked.get(rows.table.id);
      const lists = ranked ? await writer.write(rows, { ranked, level }) : [];
      if (lists.length > 0) drafts.push({ rows, lists });
    }
  }
  return { drafts, whole: !ranks.left };
}

/** The roots take the rest along; the parents of rows that go before are listed, so that these are found. */
async function withTheRoots(
  writer: Writer,
  rest: readonly DeleteGroup[],
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  const tables = rest.flatMap((g) => g.tables);
  const parents = new Set(drafts.flatMap((d) => d.rows.by ?? []).map((r) => r.relation.parent));
  for (const rows of tables.filter((t) => parents.has(t.table.id))) await writer.write(rows);
  const root = tables.find((t) => t.table.id === writer.planned.root);
  return root ? [{ rows: root, lists: await writer.writeRoots(root), together: true }] : [];
}

function stepOf({ rows, lists, together = false }: Draft, all: readonly WorkList[]): WorkStep {
  const { table, by = [] } = rows;
  if (lists)
    return { table: table.id, rows: sum(lists), sources: lists.map((l) => source(l, null)), together };
  const sources = by.flatMap(({ relation }) =>
    all.filter((l) => l.table === relation.parent).map((l) => source(l, relation)),
  );
  return { table: table.id, rows: rows.rows, sources, together };
}

const source = ({ list }: WorkList, relation: Relation | null): WorkSource => ({
  list,
  relation: relation?.id ?? null,
});

const sum = (lists: readonly WorkList[]): number => lists.reduce((n, l) => n + l.rows, 0);

/** Rows of a rank. */
interface Ranked {
  readonly ranked: RowSet;
  readonly level: number;
}

class Writer {
  readonly lists: WorkList[] = [];
  readonly planned: Planned;
  readonly #place: ArchivePlace;

  constructor(place: ArchivePlace, planned: Planned) {
    this.#place = place;
    this.planned = planned;
  }

  rank({ tables, within }: DeleteGroup, label: string): Promise<Ranks> {
    return rankChildrenFirst({
      ...this.#place,
      model: this.planned.model,
      sets: new Map(tables.map((t) => [t.table.id, t.set])),
      relations: within,
      source: "tables",
      label,
      waitsForItself: () => false,
    });
  }

  /** Lists a table's rows by the first relation through which each was found. */
  async write(rows: DeletedRows, ranked?: Ranked): Promise<readonly WorkList[]> {
    const { table } = rows;
    const isRoot = table.id === this.planned.root;
    const incoming = this.planned.cascades.filter((r) => r.child === table.id && this.#setOf(r.parent));
    const lists = isRoot ? [...(await this.writeRoots(rows, ranked))] : [];
    const below = isRoot ? [sql`${id("s", DEPTH)} > 0`] : [];
    for (const [i, via] of incoming.entries()) {
      const earlier = incoming.slice(0, i).map((r) => sql`not ${this.#found(r, rows)}`);
      const own = incoming.length > 1 ? [this.#found(via, rows)] : [];
      const made = await this.#write(rows, via, { ranked, where: [...below, ...own, ...earlier] });
      lists.push(...made);
    }
    return lists;
  }

  /** Lists the rows that are roots. */
  writeRoots(rows: DeletedRows, ranked?: Ranked): Promise<readonly WorkList[]> {
    return this.#write(rows, null, { ranked, where: [sql`${id("s", DEPTH)} = 0`] });
  }

  async #write(
    { table, set }: DeletedRows,
    via: Relation | null,
    { ranked, where }: { readonly ranked: Ranked | undefined; readonly where: readonly Sql[] },
  ): Promise<readonly WorkList[]> {
    const { syntax } = this.#place;
    const rank = ranked
      ? sql` join ${ranked.ranked.from} as k on ${sameKey("k", "s", set.key)} and ${id("k", DEPTH)} = ${raw(String(ranked.level))}`
      : raw("");
    const from = sql`${set.from} as s${rank} join ${syntax.rows(table)} as t on ${sameKey("t", "s", set.key)} where ${allOf(where)}`;
    const columns = [...new Set([...set.columns, ...(via?.columns ?? []), ...whenOf(via)])];
    const list = this.lists.length;
    const rows = await writeList(this.#place, { list, table, columns }, from);
    if (rows === 0) return [];
    const made = { list, table: table.id, columns, via: via?.id ?? null, rows };
    this.lists.push(made);
    return [made];
  }

  /** Whether the row of `t` was found through the relation. */
  #found(relation: Relation, { set }: DeletedRows): Sql {
    const { model } = this.planned;
    const { syntax } = this.#place;
    const refs = references(syntax, model, relation, { child: "c", parent: "p" });
    const parents = this.#setOf(relation.parent)?.from ?? raw("");
    return sql`exists (select 1 from ${childFrom(syntax, model, relation)} as c join ${parents} as p on ${refs} where ${sameKey("c", "t", set.key)})`;
  }

  #setOf(table: TableId): RowSet | undefined {
    return this.planned.deletes.flatMap((g) => g.tables).find((t) => t.table.id === table)?.set;
  }
}

const whenOf = (via: Relation | null): readonly string[] => (via?.when ? [via.when.column] : []);
