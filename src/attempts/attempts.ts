import { sql } from "../dialect/sql.ts";
import type { Attempt, Attempts } from "../model/attempts.ts";
import {
  type AttemptName,
  attemptsTables,
  type Finder,
  failedAttempts,
  failedRows,
  namedAttempt,
} from "./finder.ts";

export interface AttemptsOptions {
  /** Only this table; all that have attempts unless given. */
  readonly table?: string;
  /** The most that are listed of a table; 50 unless given. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** The attempts that failed, and how many there are. */
export function listAttempts(finder: Finder, options: AttemptsOptions): Promise<Attempts> {
  const { engine } = finder;
  const { limit = 50, signal } = options;
  const tables = attemptsTables(finder, options.table);
  return engine.read({ scratch: false, ...(signal ? { signal } : {}) }, async (tx) => {
    const attempts: Attempt[] = [];
    const failed: Record<string, number> = {};
    for (const of of tables) {
      const counted = sql`select count(*) as n from ${engine.syntax.rows(of.table)} where ${failedRows(finder, of)}`;
      failed[of.table.id] = Number((await tx.rows(counted))[0]?.n);
      attempts.push(...(await failedAttempts(finder, tx, of, { limit })));
    }
    return { ondelete: "1", kind: "attempts", engine: engine.info, attempts, failed };
  });
}

/** The failed attempt that is named. */
export const findAttempt = async (finder: Finder, name: AttemptName): Promise<Attempt> =>
  (await finder.engine.read({ scratch: false }, (tx) => namedAttempt(finder, tx, name))).attempt;
