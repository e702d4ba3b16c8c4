import type { Transaction } from "../dialect/engine.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import { type Column, columnOf, type Table, type TableId } from "../model/table.ts";
import type { Shape } from "./shape.ts";

/** One table's rows in the archive of an operation. */
export interface ArchivePart {
  readonly part: number;
  /** Deleted rows; updated rows before and after the update. */
  readonly kind: "deleted" | "before" | "after";
  readonly table: TableId;
  /** Columns of every image, in order. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** The columns that the operation wrote; all of them for deleted rows. */
  readonly written: readonly string[];
  /** The relation by which rows were updated; null for deleted rows. */
  readonly relation: string | null;
  readonly rows: number;
  /** Where the rows are those of another part, with values of their own, as text, in some columns. */
  readonly same?: { readonly of: number; readonly values: Readonly<Record<string, string>> };
  /** What the table asked of the values then; absent where it was not written down. */
  readonly was?: Shape;
}

/** Where and in whose words an archive is kept. */
export interface ArchivePlace {
  readonly tx: Transaction;
  readonly syntax: Syntax;
  readonly journal: Policy["journal"];
  readonly operation: string;
  /** Which transaction of a batched operation it is, from 0; absent where all is done in one. */
  readonly batch?: number;
}

/** Numbers the parts of an archive. The rows of a later batch go on in the part of their like. */
export class ArchiveParts {
  readonly #known: readonly ArchivePart[];
  readonly #taken: ArchivePart[] = [];

  /** @param known the parts of earlier batches */
  constructor(known: readonly ArchivePart[]) {
    this.#known = known;
  }

  numbered(own: Omit<ArchivePart, "part">): ArchivePart {
    const like = this.#known.find((k) => isLike(k, own) && !this.#taken.some((t) => t.part === k.part));
    const numbers = [...this.#known, ...this.#taken].map((p) => p.part);
    const part = { ...own, part: like?.part ?? Math.max(-1, ...numbers) + 1 };
    this.#taken.push(part);
    return part;
  }

  /** The parts with the rows of this batch. */
  all(): readonly ArchivePart[] {
    const fresh = this.#taken.filter((t) => !this.isKnown(t.part));
    const rowsOf = (part: number) => this.#taken.find((t) => t.part === part)?.rows ?? 0;
    return [...this.#known.map((k) => ({ ...k, rows: k.rows + rowsOf(k.part) })), ...fresh];
  }

  isKnown(part: number): boolean {
    return this.#known.some((k) => k.part === part);
  }
}

const isLike = (a: Omit<ArchivePart, "part">, b: Omit<ArchivePart, "part">): boolean =>
  [a, b].every((p) => p.same === undefined) && likeness(a) === likeness(b);

const likeness = ({ kind, table, relation, columns, key, written, was }: Omit<ArchivePart, "part">) =>
  JSON.stringify([kind, table, relation, columns, key, written, was]);

/** Columns that are stored and can be written back: all but generated ones. */
export const storedColumns = (table: Table): readonly Column[] =>
  table.columns.filter((c) => c.generated === null);

/** Rows to be archived. */
export interface ArchiveSource {
  readonly table: Table;
  /** What comes before the statement, such as a change of the rows that `from` reads. */
  readonly first?: Sql;
  /** Items of FROM, the table being `t`; each row once in one of them. */
  readonly from: readonly Sql[];
  /** Puts what a select needs to read `from` around it. */
  readonly over: (select: Sql) => Sql;
  /** Whether the rows are not locked yet. */
  readonly lock: boolean;
}

/**
 * Copies rows into the archive as they are now; how many rows of the journal that took.
 * @throws `count-mismatch`, retriable, where others changed which rows they are
 */
export async function archiveRows(
  place: ArchivePlace,
  { part, isKnown }: { readonly part: ArchivePart; readonly isKnown: boolean },
  { table, first = raw(""), from, over, lock }: ArchiveSource,
): Promise<number> {
  const { tx, syntax, journal, operation } = place;
  const number = raw(String(part.part));
  const image = syntax.image(part.columns.map((c) => ({ value: id("t", c), column: columnOf(table, c) })));
  const locked = lock && syntax.forUpdate ? syntax.forUpdate("t") : raw("");
  const chunks = syntax.journal("archive_chunk", journal);
  let made = 0;
  for (const [i, items] of from.entries()) {
    const packs = syntax.pack(sql`select ${image} as image from ${items} ${locked}`, PACK_BYTES);
    const ordinal = raw(`ordinal + ${firstOrdinal(place.batch ?? 0, i)}`);
    const select = over(
      sql`select ${operation}, ${number}, ${ordinal}, ${id("rows")}, images from (${packs}) as c`,
    );
    made += await tx.run(
      sql`${first} insert into ${chunks} (operation, part, ordinal, ${id("rows")}, images) ${select}`,
    );
  }
  const [count] = await tx.rows(
    sql`select sum(${id("rows")}) as n from ${chunks} where operation = ${operation} and part = ${number} and ordinal >= ${raw(firstOrdinal(place.batch ?? 0, 0))}`,
  );
  if (Number(count?.n) !== part.rows) throw otherRows(part, Number(count?.n));
  await recordPart(place, { part, isKnown }, table);
  return made + 1;
}

/** Large enough to compress well, small enough for every engine's functions. */
const PACK_BYTES = 131_072;

/** More packs than one select yields, and more selects than one batch has. */
const [PACKS, SELECTS] = [2n ** 32n, 2n ** 6n];

const firstOrdinal = (batch: number, select: number): string =>
  String((BigInt(batch) * SELECTS + BigInt(select)) * PACKS);

/** Writes down what a part holds, or that it holds more. */
export async function recordPart(
  { tx, syntax, journal, operation }: ArchivePlace,
  { part, isKnown }: { readonly part: ArchivePart; readonly isKnown: boolean },
  table: Table,
): Promise<void> {
  const columns: StoredColumns = {
    stored: part.columns,
    written: part.written,
    ...(part.was ? { was: part.was } : {}),
    ...(part.same ? { same: part.same } : {}),
  };
  if (isKnown) {
    const more = sql`${id("rows")} + ${raw(String(part.rows))}`;
    await tx.run(
      sql`update ${syntax.journal("archive_part", journal)} set ${id("rows")} = ${more} where operation = ${operation} and part = ${raw(String(part.part))}`,
    );
    return;
  }
  await tx.run(
    sql`insert into ${syntax.journal("archive_part", journal)} (operation, part, kind, table_id, columns, key_columns, relation, ${id("rows")}) values (${operation}, ${raw(String(part.part))}, ${part.kind}, ${JSON.stringify(syntax.lasting(table))}, ${JSON.stringify(columns)}, ${JSON.stringify(part.key)}, ${part.relation}, ${raw(String(part.rows))})`,
  );
}

const otherRows = ({ table, rows }: ArchivePart, archived: number) =>
  new OnDeleteError(
    "count-mismatch",
    `${rows} rows of ${table} were to be archived, but ${archived} were: others changed them meanwhile.`,
    {
      hint: "Nothing was changed. Run it again.",
      details: { table, planned: rows, archived, retriable: true },
    },
  );

/** The column lists of a part as they are stored. */
type StoredColumns = Pick<ArchivePart, "written" | "same" | "was"> & { readonly stored: readonly string[] };

/** The parts of an operation's archive, in the order in which they were written. */
export async function archiveParts(place: ArchivePlace, model: Model): Promise<readonly ArchivePart[]> {
  const { tx, syntax, journal, operation } = place;
  const idOf = new Map(model.tables.map((t) => [JSON.stringify(syntax.lasting(t)), t.id]));
  const rows = await tx.rows(
    sql`select part, kind, table_id, columns, key_columns, relation, ${id("rows")} from ${syntax.journal("archive_part", journal)} where operation = ${operation} order by part`,
  );
  return rows.map((row) => {
    const { stored, written, same, was } = JSON.parse(row.columns ?? "{}") as StoredColumns;
    const key = JSON.parse(row.key_columns ?? "[]") as string[];
    const kind = row.kind as ArchivePart["kind"];
    return {
      part: Number(row.part),
      kind,
      table: idOf.get(row.table_id ?? "") ?? lostTable(row.table_id, model),
      columns: stored,
      key,
      written,
      relation: row.relation ?? null,
      rows: Number(row.rows),
      ...(same ? { same } : {}),
      ...(was ? { was } : {}),
    };
  });
}

/** A select of archived rows, columns by name and type as the table has them now. */
export function archivedRows(place: ArchivePlace, part: ArchivePart, table: Table): Sql {
  const { syntax, journal, operation } = place;
  const number = raw(String(part.same?.of ?? part.part));
  const packs = sql`select images from ${syntax.journal("archive_chunk", journal)} where operation = ${operation} and part = ${number}`;
  const columns = part.columns.map((name) => columnOf(table, name));
  const rows = syntax.unpack(packs, columns);
  const { same } = part;
  if (!same) return rows;
  const values = columns.map((column) => {
    const text = same.values[column.name];
    return text === undefined ? id(column.name) : sql`${syntax.value(text, column)} as ${id(column.name)}`;
  });
  return sql`select ${list(values)} from (${rows}) as same`;
}

/** A table that does not exist any more, by the name it would have now. */
function lostTable(stored: string | null | undefined, model: Model): string {
  const [namespace = null, name = ""] = JSON.parse(stored ?? "[]") as [string | null, string];
  return namespace === null || namespace === model.defaultNamespace ? name : `${namespace}.${name}`;
}
