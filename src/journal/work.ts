import { id, list as listOf, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Table } from "../model/table.ts";
import { columnOf } from "../model/table.ts";
import type { WorkList } from "../model/work.ts";
import type { ArchivePlace } from "./archive.ts";

/** Some hundred keys: a batch reads whole packs, or part of one. */
const PACK_BYTES = 4_096;

/** More than one batch writes. */
const PACKS = 2n ** 32n;

/** Rows of a list: whole packs, or some rows of one in the order of their keys. */
export interface ListSlice {
  /** Ordinals of the packs, the last included. */
  readonly first: string;
  readonly last: string;
  readonly part: { readonly offset: number; readonly limit: number } | null;
}

/** One pack of a list. */
export interface Chunk {
  readonly ordinal: string;
  readonly rows: number;
}

/** Writes a list down, or more of it in a later batch: `from` are items of FROM with the table as `t`. Returns how many rows it has. */
export async function writeList(
  { tx, syntax, journal, operation, batch = 0 }: ArchivePlace,
  {
    list,
    table,
    columns,
  }: { readonly list: number; readonly table: Table; readonly columns: readonly string[] },
  from: Sql,
): Promise<number> {
  const image = syntax.image(columns.map((c) => ({ value: id("t", c), column: columnOf(table, c) })));
  const chunks = syntax.journal("work_chunk", journal);
  const number = raw(String(list));
  await tx.run(
    sql`insert into ${chunks} (operation, list, ordinal, ${id("rows")}, images) select ${operation}, ${number}, ${raw(`ordinal + ${BigInt(batch) * PACKS}`)}, ${id("rows")}, images from (${syntax.pack(sql`select ${image} as image from ${from}`, PACK_BYTES)}) as c`,
  );
  const [count] = await tx.rows(
    sql`select sum(${id("rows")}) as n from ${chunks} where operation = ${operation} and list = ${number}`,
  );
  return Number(count?.n ?? 0);
}

/** The packs of a list, in order. */
export async function chunksOf(
  { tx, syntax, journal, operation }: ArchivePlace,
  list: number,
): Promise<readonly Chunk[]> {
  const rows = await tx.rows(
    sql`select ordinal, ${id("rows")} from ${syntax.journal("work_chunk", journal)} where operation = ${operation} and list = ${raw(String(list))} order by ordinal`,
  );
  return rows.map((row) => ({ ordinal: row.ordinal ?? "", rows: Number(row.rows) }));
}

/** A select of a slice of a list, columns by name. */
export function listedRows(
  { syntax, journal, operation }: ArchivePlace,
  { list, columns }: Pick<WorkList, "list" | "columns">,
  {
    table,
    key,
    slice,
  }: { readonly table: Table; readonly key: readonly string[]; readonly slice: ListSlice | null },
): Sql {
  const within = slice ? sql`and ordinal between ${raw(slice.first)} and ${raw(slice.last)}` : raw("");
  const packs = sql`select images from ${syntax.journal("work_chunk", journal)} where operation = ${operation} and list = ${raw(String(list))} ${within}`;
  const rows = syntax.unpack(
    packs,
    columns.map((c) => columnOf(table, c)),
  );
  if (!slice?.part) return rows;
  const { limit, offset } = slice.part;
  const order = listOf(key.map((c) => id("u", c)));
  return sql`select u.* from (${rows}) as u order by ${order} ${raw(`limit ${limit} offset ${offset}`)}`;
}

/** Removes the lists of an operation that is over. */
export async function removeLists({ tx, syntax, journal, operation }: ArchivePlace): Promise<void> {
  await tx.run(sql`delete from ${syntax.journal("work_chunk", journal)} where operation = ${operation}`);
}

/** How many rows a list has, those that are in it several times counted once. */
export async function distinctListed(
  place: ArchivePlace,
  listed: Pick<WorkList, "list" | "columns">,
  table: Table,
): Promise<number> {
  const rows = listedRows(place, listed, { table, key: listed.columns, slice: null });
  const key = listOf(listed.columns.map((c) => id("a", c)));
  const [row] = await place.tx.rows(
    sql`select count(*) as n from (select distinct ${key} from (${rows}) as a) as d`,
  );
  return Number(row?.n);
}
