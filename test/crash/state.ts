import { isDeepStrictEqual } from "node:util";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { type Dump, dump } from "../support/rows.ts";
import type { CrashEngine } from "./crash-engine.ts";

/** The two states that a database may ever be found in. */
export interface States {
  readonly before: Dump;
  readonly after: Dump;
}

/** In which of them it is; the operation that is done and not restored. */
export type State =
  | { readonly at: "before" }
  | { readonly at: "after"; readonly operation: string; readonly archived: boolean };

export interface Place {
  readonly on: CrashEngine;
  readonly variant: Variant;
  readonly db: TestDatabase;
}

/**
 * Reads rows, journal and archive with queries of its own.
 * @throws Error where rows are in neither state, or the journal says something else than the rows
 */
export async function stateOf(place: Place, states: States): Promise<State> {
  const rows = await dump(place.db, place.variant);
  const at = isDeepStrictEqual(rows, states.before)
    ? "before"
    : isDeepStrictEqual(rows, states.after)
      ? "after"
      : null;
  if (at === null)
    throw new Error(`the rows are neither as before nor as after: ${JSON.stringify(rows).slice(0, 2_000)}`);
  const operations = await journal(place);
  await checkArchive(
    place,
    operations.filter((o) => o.archive === "1"),
    states,
  );
  const [open, ...more] = operations.filter((o) => o.state === "done");
  const wrong = operations.some((o) => o.state !== "done" && (o.state !== "restored" || o.restored === null));
  if (wrong || more.length > 0 || (open === undefined) !== (at === "before"))
    throw new Error(`the rows are as ${at}, and the journal says ${JSON.stringify(operations)}`);
  return open ? { at: "after", operation: open.id, archived: open.archive === "1" } : { at: "before" };
}

interface Entry {
  readonly id: string;
  readonly state: string;
  readonly restored: string | null;
  readonly archive: string;
}

async function journal({ on, db }: Place): Promise<readonly Entry[]> {
  if ((await db.rows(on.hasJournal)).length === 0) return [];
  const rows = await db.rows(
    `select id, state, restored, archive from ${on.journal("operation")} order by id`,
  );
  return rows as unknown as readonly Entry[];
}

/** Every operation with an archive has an image of each row it deleted, two of each it updated, and nobody else has any. */
async function checkArchive({ on, db }: Place, operations: readonly Entry[], states: States): Promise<void> {
  if ((await db.rows(on.hasJournal)).length === 0) return;
  const parts = await db.rows(
    `select operation, sum(case when kind = 'deleted' then "rows" else 0 end) as deleted, sum(case when kind = 'deleted' then 0 else "rows" end) as updated
     from ${on.journal("archive_part")} group by operation order by operation`,
  );
  const images = await db.rows(
    `select operation, sum(c.rows) as n from ${on.journal("archive_chunk")} c group by operation order by operation`,
  );
  const { deleted, updated } = changed(states);
  const wanted = operations.map(({ id }) => ({
    operation: id,
    deleted,
    updated: 2 * updated,
    n: deleted + 2 * updated,
  }));
  const found = parts.map((row) => ({
    operation: row.operation,
    deleted: Number(row.deleted),
    updated: Number(row.updated),
    n: Number(images.find((i) => i.operation === row.operation)?.n),
  }));
  if (!isDeepStrictEqual(found, wanted) || images.length !== parts.length)
    throw new Error(
      `the archive holds ${JSON.stringify(found)}, the journal asks for ${JSON.stringify(wanted)}`,
    );
}

/** How many rows a delete takes and changes. */
export function changed({ before, after }: States): { readonly deleted: number; readonly updated: number } {
  let [deleted, updated] = [0, 0];
  for (const [table, rows] of Object.entries(before)) {
    const left = new Set(after[table]);
    const lost = rows.length - left.size;
    deleted += lost;
    updated += rows.filter((row) => !left.has(row)).length - lost;
  }
  return { deleted, updated };
}
