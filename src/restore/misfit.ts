import type { RowSet } from "../dialect/row-set.ts";
import { sameKey } from "../dialect/row-set.ts";
import { anyOf, id, type Sql, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { ArchivePart, ArchivePlace } from "../journal/archive.ts";
import { shapeOf } from "../journal/shape.ts";
import { columnOf, type Table } from "../model/table.ts";

/** Columns of a part whose type is another than when it was archived; those of a domain, whose checks may be, too. */
export function changedColumns({ was, columns }: ArchivePart, table: Table): readonly string[] {
  if (!was) return [];
  const now = shapeOf(table, columns).columns;
  return columns.filter((c) => was.columns[c] !== now[c] || columnOf(table, c).baseType !== undefined);
}

/**
 * Whether values of changed columns are others than the archived ones once they are stored: rounded, cut or converted
 * by the type that the column has now.
 */
export async function losesValues(
  { tx, syntax }: ArchivePlace,
  stored: RowSet,
  archived: { readonly select: Sql; readonly columns: readonly string[] },
): Promise<boolean> {
  const differing = (equal: boolean) =>
    anyOf(
      archived.columns.map((c) => {
        const column = columnOf(stored.table, c);
        const [s, a] = [id("s", c), id("a", c)];
        const other = sql`not (${syntax.same(syntax.text(s, column), syntax.text(a, column))})`;
        return equal ? sql`(${other} and not (${syntax.same(s, a)}))` : other;
      }),
    );
  const count = async (equal: boolean) => {
    const [row] = await tx.rows(
      sql`select count(*) as n from ${stored.from} as s join (${archived.select}) as a on ${sameKey("s", "a", stored.key)} where ${differing(equal)}`,
    );
    return Number(row?.n);
  };
  // 1.50 that is 1.5000 now is the same; a type without equality says so by its text alone.
  const lost = await tx.attempt(() => count(true));
  return (lost instanceof OnDeleteError ? await count(false) : lost) > 0;
}
