import { childFrom, references } from "../../dialect/edge.ts";
import { type DeletedRows, type DeleteGroup, type Effect, writtenBy } from "../../dialect/planned.ts";
import { type Ranks, rankChildrenFirst } from "../../dialect/ranks.ts";
import { type RowSet, sameKey } from "../../dialect/row-set.ts";
import { allOf, id, raw, type Sql, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import type { ArchivePlace } from "../../journal/archive.ts";
import { writeList } from "../../journal/work.ts";
import { mayRefuse } from "../../model/guards.ts";
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
  readonly updates: readonly Effect[];
  /** The most rows of one batch: more that lose references to the same rows do so before these go. */
  readonly batchRows: number;
}

/** A step whose rows have been listed, or are found by what they reference. */
type Draft = DeleteDraft | UpdateDraft;

interface UpdateDraft {
  readonly update: Effect;
}

interface DeleteDraft {
  readonly rows: DeletedRows;
  readonly lists: readonly WorkList[] | null;
  readonly together?: boolean;
}

/**
 * Writes down which rows are to go, and makes the steps in which they do. Rows of tables that reference each other go
 * deepest first where cascades alone lead from one to the other, and else in the order of their ranks: each after those
 * that reference it. Rows that do so in circles have none: they, and all that comes after them, go with the roots.
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
  const updates = updatesBefore(writer.planned, group);
  if (group.within.length === 0 && only) {
    const lists = only.by ? null : await writer.write(only);
    return { drafts: [...updates, { rows: only, lists }], whole: true };
  }
  if (group.within.every((r) => r.onDelete === "cascade"))
    return { drafts: [...updates, ...(await deepestFirst(writer, group))], whole: true };
  const ranks = await writer.rank(group, `_rank_${n}`);
  const drafts: Draft[] = [...updates];
  for (let level = 0; level < ranks.levels; level++) {
    for (const rows of group.tables) {
      const ranked = ranks.ranked.get(rows.table.id);
      const lists = ranked ? await writer.write(rows, ofRank(rows, ranked, level)) : [];
      if (lists.length > 0) drafts.push({ rows, lists });
    }
  }
  return { drafts, whole: !ranks.left };
}

/** Where nothing but cascades leads from row to row, one that goes too early for another takes it along. */
async function deepestFirst(writer: Writer, { tables }: DeleteGroup): Promise<readonly Draft[]> {
  const drafts: Draft[] = [];
  for (let depth = Math.max(...tables.map((t) => t.maxDepth)); depth >= 0; depth--) {
    for (const rows of tables.filter((t) => t.depth <= depth && depth <= t.maxDepth)) {
      const where = sql`${id("s", DEPTH)} = ${raw(String(depth))}`;
      const lists = await writer.write(rows, { join: raw(""), where });
      if (lists.length > 0) drafts.push({ rows, lists });
    }
  }
  return drafts;
}

/**
 * What rows of a group lose a reference by, where they are too many to lose it with the batch that deletes its parent.
 * Updates that something may refuse, and those that are passed on, are left to that batch, which looks at everything.
 */
const updatesBefore = (planned: Planned, { tables }: DeleteGroup): readonly UpdateDraft[] =>
  planned.updates
    .filter((e) => tables.some((t) => t.table.id === e.relation.parent) && isSimple(planned, e))
    .map((update) => ({ update }));

function isSimple({ updates, deletes, batchRows }: Planned, effect: Effect): boolean {
  const { relation, table, count } = effect;
  const { parent, childPartition, parentPartition, period } = relation;
  const together = deletes.find((g) => g.tables.some((t) => t.table.id === parent));
  return (
    count > batchRows &&
    effect.set === "null" &&
    effect.cause === null &&
    !updates.some((e) => e.cause === effect) &&
    !(childPartition || parentPartition || period) &&
    !together?.tables.some((t) => t.table.id === table.id) &&
    writtenBy(effect).every((w) => !mayRefuse(table, w))
  );
}

/** The roots take the rest along; the parents of rows that go before are listed, so that these are found. */
async function withTheRoots(
  writer: Writer,
  rest: readonly DeleteGroup[],
  drafts: readonly Draft[],
): Promise<readonly Draft[]> {
  const tables = rest.flatMap((g) => g.tables);
  const found = drafts.flatMap((d) =>
    "update" in d ? [d.update.relation] : (d.rows.by ?? []).map((r) => r.relation),
  );
  const parents = new Set(found.map((r) => r.parent));
  for (const rows of tables.filter((t) => parents.has(t.table.id))) await writer.write(rows);
  const root = tables.find((t) => t.table.id === writer.planned.root);
  return root ? [{ rows: root, lists: await writer.writeRoots(root), together: true }] : [];
}

function stepOf(draft: Draft, all: readonly WorkList[]): WorkStep {
  const listing = (relation: Relation) =>
    all.filter((l) => l.table === relation.parent).map((l) => source(l, relation));
  if ("update" in draft) {
    const { table, count, relation } = draft.update;
    return { kind: "set null", table: table.id, rows: count, sources: listing(relation), together: false };
  }
  const { rows, lists, together = false } = draft;
  const { table, by = [] } = rows;
  if (lists)
    return {
      kind: "delete",
      table: table.id,
      rows: sum(lists),
      sources: lists.map((l) => source(l, null)),
      together,
    };
  const sources = by.flatMap(({ relation }) => listing(relation));
  return { kind: "delete", table: table.id, rows: rows.rows, sources, together };
}

const source = ({ list }: WorkList, relation: Relation | null): WorkSource => ({
  list,
  relation: relation?.id ?? null,
});

const sum = (lists: readonly WorkList[]): number => lists.reduce((n, l) => n + l.rows, 0);

/** Some rows of a set, which is `s`. */
interface Some {
  readonly join: Sql;
  readonly where: Sql;
}

const ofRank = ({ set }: DeletedRows, ranked: RowSet, level: number): Some => ({
  join: sql` join ${ranked.from} as k on ${sameKey("k", "s", set.key)}`,
  where: sql`${id("k", DEPTH)} = ${raw(String(level))}`,
});

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
  async write(rows: DeletedRows, some?: Some): Promise<readonly WorkList[]> {
    const { table } = rows;
    const isRoot = table.id === this.planned.root;
    const incoming = this.planned.cascades.filter((r) => r.child === table.id && this.#setOf(r.parent));
    const lists = isRoot ? [...(await this.writeRoots(rows, some))] : [];
    const below = isRoot ? [sql`${id("s", DEPTH)} > 0`] : [];
    for (const [i, via] of incoming.entries()) {
      const earlier = incoming.slice(0, i).map((r) => sql`not ${this.#found(r, rows)}`);
      const own = incoming.length > 1 ? [this.#found(via, rows)] : [];
      const made = await this.#write(rows, via, { some, where: [...below, ...own, ...earlier] });
      lists.push(...made);
    }
    return lists;
  }

  /** Lists the rows that are roots. */
  writeRoots(rows: DeletedRows, some?: Some): Promise<readonly WorkList[]> {
    return this.#write(rows, null, { some, where: [sql`${id("s", DEPTH)} = 0`] });
  }

  async #write(
    { table, set }: DeletedRows,
    via: Relation | null,
    { some, where }: { readonly some: Some | undefined; readonly where: readonly Sql[] },
  ): Promise<readonly WorkList[]> {
    const { syntax } = this.#place;
    const from = sql`${set.from} as s${some?.join ?? raw("")} join ${syntax.rows(table)} as t on ${sameKey("t", "s", set.key)} where ${allOf([...where, ...(some ? [some.where] : [])])}`;
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
