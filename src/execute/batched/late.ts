import type { DeletedRows, PlannedRows } from "../../dialect/planned.ts";
import { ScratchRowSets, sameKey } from "../../dialect/row-set.ts";
import { id, list, sql } from "../../dialect/sql.ts";
import { DEPTH } from "../../dialect/syntax.ts";
import { OnDeleteError } from "../../error.ts";
import type { ArchivePlace } from "../../journal/archive.ts";
import { listedRows } from "../../journal/work.ts";
import type { Worker } from "./worker.ts";

/**
 * Looks for rows below those of a batch that were not there when the operation was planned.
 * @throws `late-rows`
 */
export async function refuseLate(worker: Worker, place: ArchivePlace, planned: PlannedRows): Promise<void> {
  const tables = planned.deletes.flatMap((g) => g.tables);
  const [only] = tables;
  if (tables.length === 1 && only?.maxDepth === 0) return;
  for (const rows of tables) {
    const late = await unlisted(worker, place, rows);
    if (late === 0) continue;
    const table = rows.table.id;
    throw new OnDeleteError(
      "late-rows",
      `${late === 1 ? "1 row" : `${late} rows`} of ${table} came in below rows that are to go, after the delete was planned.`,
      {
        hint: "The batch was taken back. Resume with --late include to delete them too, or cancel.",
        details: { table, rows: late },
      },
    );
  }
}

async function unlisted(
  { work, engine }: Worker,
  place: ArchivePlace,
  { table, set }: DeletedRows,
): Promise<number> {
  const sets = new ScratchRowSets(place.tx, engine.syntax, "_late");
  const key = list(set.key.map((c) => id("a", c)));
  const name = `ondelete_listed_${set.name}`;
  const known = await sets.create({ name, source: table, columns: set.key, key: set.key });
  for (const listed of work.lists.filter((l) => l.table === table.id)) {
    const rows = listedRows(place, listed, { table, key: set.key, slice: null });
    // A row can be in two lists.
    const seen = sql`select 1 from ${known.from} as l where ${sameKey("l", "a", set.key)}`;
    await sets.add(
      known,
      sql`select ${key}, 0 as ${id(DEPTH)} from (${rows}) as a where not exists (${seen})`,
    );
  }
  const seen = sql`select 1 from ${known.from} as l where ${sameKey("l", "s", set.key)}`;
  const [row] = await place.tx.rows(
    sql`select count(*) as n from ${set.from} as s where not exists (${seen})`,
  );
  return Number(row?.n);
}
