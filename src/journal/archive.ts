import type { Transaction } from "../dialect/engine.ts";
import type { RowSet } from "../dialect/row-set.ts";
import { sameKey } from "../dialect/row-set.ts";
import { id, list, raw, type Sql, sql } from "../dialect/sql.ts";
import type { Syntax } from "../dialect/syntax.ts";
import type { Model } from "../model/model.ts";
import type { Policy } from "../model/policy.ts";
import { type Column, columnOf, type Table, type TableId } from "../model/table.ts";
import { type Shape, shapeOf } from "./shape.ts";

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
  /** What the table asked of the values then; absent where it was not written down. */
  readonly was?: Shape;
}

/** Where and in whose words an archive is kept. */
export interface ArchivePlace {
  readonly tx: Transaction;
  readonly syntax: Syntax;
  readonly journal: Policy["journal"];
  readonly operation: string;
}

/** Columns that are stored and can be written back: all but generated ones. */
export const storedColumns = (table: Table): readonly Column[] =>
  table.columns.filter((c) => c.generated === null);

/** Copies the rows of a set into the archive as they are now. */
export async function archiveRows(place: ArchivePlace, part: ArchivePart, set: RowSet): Promise<void> {
  const { tx, syntax, journal, operation } = place;
  const { table } = set;
  const image = syntax.image(part.columns.map((c) => ({ value: id("t", c), column: columnOf(table, c) })));
  const order = list(set.key.map((c) => id("t", c)));
  const source = sql`${syntax.rows(table)} as t join ${set.from} as s on ${sameKey("t", "s", set.key)}`;
  const written = await tx.run(
    sql`insert into ${syntax.journal("archive_row", journal)} (operation, part, ordinal, image) select ${operation}, ${raw(String(part.part))}, row_number() over (order by ${order}), ${image} from ${source}`,
  );
  if (written !== part.rows)
    throw new Error(`bug in ondelete: ${written} of ${part.rows} rows of ${table.id} archived`);
  await tx.run(
    sql`insert into ${syntax.journal("archive_part", journal)} (operation, part, kind, table_id, columns, key_columns, relation, ${id("rows")}) values (${operation}, ${raw(String(part.part))}, ${part.kind}, ${JSON.stringify([table.namespace, table.name])}, ${JSON.stringify({ stored: part.columns, written: part.written, was: shapeOf(table, part.columns) })}, ${JSON.stringify(part.key)}, ${part.relation}, ${raw(String(part.rows))})`,
  );
}

/** The parts of an operation's archive, in the order in which they were written. */
export async function archiveParts(place: ArchivePlace, model: Model): Promise<readonly ArchivePart[]> {
  const { tx, syntax, journal, operation } = place;
  const idOf = new Map(model.tables.map((t) => [JSON.stringify([t.namespace, t.name]), t.id]));
  const rows = await tx.rows(
    sql`select part, kind, table_id, columns, key_columns, relation, ${id("rows")} from ${syntax.journal("archive_part", journal)} where operation = ${operation} order by part`,
  );
  return rows.map((row) => {
    const { stored, written, was } = JSON.parse(row.columns ?? "{}") as {
      stored: string[];
      written: string[];
      was?: Shape;
    };
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
      ...(was ? { was } : {}),
    };
  });
}

/** A select of archived rows, columns by name and type as the table has them now. */
export function archivedRows(place: ArchivePlace, part: ArchivePart, table: Table): Sql {
  const { syntax, journal, operation } = place;
  const values = part.columns.map(
    (name, i) => sql`${syntax.fromImage(id("r", "image"), i, columnOf(table, name))} as ${id(name)}`,
  );
  return sql`select ${list(values)} from ${syntax.journal("archive_row", journal)} as r where r.operation = ${operation} and r.part = ${raw(String(part.part))}`;
}

/** A table that does not exist any more, by the name it would have now. */
function lostTable(stored: string | null | undefined, model: Model): string {
  const [namespace = "", name = ""] = JSON.parse(stored ?? "[]") as string[];
  return namespace === model.defaultNamespace ? name : `${namespace}.${name}`;
}
