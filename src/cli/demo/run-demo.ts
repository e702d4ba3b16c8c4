import type { DatabaseSync } from "node:sqlite";
import type { Database, Outcome, Plan, RestorePlan } from "../../index.ts";
import { allRows, type Check, compare, rowsOfOthers, type Sums } from "./checksums.ts";

/** The project that goes and comes back. */
export const PROJECT = "checkout-api";

/** What the demonstration did and what it found, as a program reads it. */
export interface DemoDocument {
  readonly ondelete: "1";
  readonly kind: "demo";
  readonly engine: Plan["engine"];
  /** The database; it is kept. */
  readonly file: string;
  /** Whether every check came out as it should. */
  readonly proven: boolean;
  readonly plan: Plan;
  readonly outcome: Outcome;
  /** Null where nothing was deleted, so that there is nothing to restore. */
  readonly restore: RestorePlan | null;
  readonly checks: Checks;
}

export interface Checks {
  /** Rows by table that are planned to go, and that belong to the project by SQL of the demonstration's own. */
  readonly planned: readonly {
    readonly table: string;
    readonly expected: number;
    readonly found: number;
    readonly same: boolean;
  }[];
  /** After the delete: the rows that do not belong to the project. */
  readonly afterDelete: readonly Check[];
  /** After the restore: all rows. */
  readonly afterRestore: readonly Check[];
}

/** Where the demonstration is told, step by step. */
export interface Teller {
  made(rows: number): void;
  planned(plan: Plan, checks: Checks["planned"]): void;
  deleted(outcome: Outcome, checks: Checks["afterDelete"], before: Sums): void;
  restored(restore: RestorePlan, checks: Checks["afterRestore"]): void;
}

/**
 * Plans the delete of one project, does it, takes it back, and compares all rows of the database each time.
 *
 * @param reader another connection than that of `db`: it sees what is committed and nothing else
 */
export async function runDemo(
  { db, reader, file }: { readonly db: Database; readonly reader: DatabaseSync; readonly file: string },
  teller: Teller,
): Promise<DemoDocument> {
  const [before, others] = [allRows(reader), rowsOfOthers(reader, PROJECT)];
  teller.made(Object.values(before).reduce((all, { rows }) => all + rows, 0));
  const plan = await db.plan({ table: "projects", select: { kind: "key", values: [PROJECT] } });
  const planned = comparePlan(plan, before, others);
  teller.planned(plan, planned);
  const outcome = await db.delete(plan, { reason: "demonstration", actor: "demo" });
  const afterDelete = compare(others, allRows(reader));
  teller.deleted(outcome, afterDelete, before);
  const restore = outcome.operation === null ? null : await db.restore(outcome.operation);
  const afterRestore = compare(before, allRows(reader));
  if (restore !== null) teller.restored(restore, afterRestore);
  const checks = { planned, afterDelete, afterRestore };
  const proven =
    restore !== null &&
    Object.values(checks)
      .flat()
      .every((check) => check.same);
  return { ondelete: "1", kind: "demo", engine: db.engine, file, proven, plan, outcome, restore, checks };
}

function comparePlan(plan: Plan, before: Sums, others: Sums): Checks["planned"] {
  return Object.entries(before).map(([table, { rows }]) => {
    const expected = rows - (others[table]?.rows ?? 0);
    const found = plan.deletes.find((d) => d.table === table)?.rows ?? 0;
    return { table, expected, found, same: expected === found };
  });
}
