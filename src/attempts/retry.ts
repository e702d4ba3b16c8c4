import { id, list, sql } from "../dialect/sql.ts";
import { rootCondition } from "../dialect/target.ts";
import { OnDeleteError } from "../error.ts";
import type { Attempt, Retry, RetryHook } from "../model/attempts.ts";
import type { Key } from "../model/plan.ts";
import { columnOf, identityOf } from "../model/table.ts";
import { type AttemptName, type AttemptsTable, type Finder, namedAttempt } from "./finder.ts";

/**
 * Has the application make a new attempt in the place of one that failed.
 * @throws OnDeleteError `not-found`; `unsupported` where the policy has no hook for it; `hook-refused` with what the hook
 * threw, or where it made no new row
 */
export async function retryAttempt(finder: Finder, name: AttemptName): Promise<Retry> {
  const { engine } = finder;
  const { attempt, ...of } = await engine.read({ scratch: false }, (tx) => namedAttempt(finder, tx, name));
  const { table, attempts } = of;
  if (!attempts.retry)
    throw new OnDeleteError(
      "unsupported",
      `The configuration does not say how an attempt of ${table.id} is made again.`,
      { hint: `Give tables.${table.id}.attempts a function \`retry\`, in a configuration in code.` },
    );
  const made = await called(attempts.retry, attempt);
  const created = await createdRow(finder, of, made);
  const old = Object.entries(attempt.key).every(([column, value]) => created?.key[column] === value);
  if (!created || old)
    throw new OnDeleteError(
      "hook-refused",
      `The hook that retries attempts of ${table.id} made no new row: ${made.join(", ")} is ${created ? "the attempt that failed" : "not there"}.`,
      { hint: "It has to return the key of a row that it made, and that is committed." },
    );
  return { ondelete: "1", kind: "retry", engine: engine.info, attempt, created };
}

/** The key that the hook returns, as text. */
async function called(retry: RetryHook, attempt: Attempt): Promise<readonly string[]> {
  try {
    return [await retry(attempt)].flat().map(String);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new OnDeleteError("hook-refused", `The retry was refused: ${message}`, {
      hint: "The hook `retry` of the configuration says so; ondelete has changed nothing.",
      cause,
    });
  }
}

async function createdRow(
  { engine }: Finder,
  { table, attempts }: AttemptsTable,
  values: readonly string[],
): Promise<Retry["created"] | null> {
  const { syntax } = engine;
  const identity = identityOf(table);
  const texts = [...identity, attempts.status].map(
    (c, i) => sql`${syntax.text(id(table.name, c), columnOf(table, c))} as ${id(`c${i}`)}`,
  );
  const where = rootCondition(syntax, table, { kind: "key", values });
  const query = sql`select ${list(texts)} from ${syntax.rows(table)} where ${where}`;
  const [row] = await engine.read({ scratch: false }, (tx) => tx.rows(query));
  if (!row) return null;
  const key: Key = Object.fromEntries(identity.map((c, i) => [c, row[`c${i}`] ?? ""]));
  return { table: table.id, key, status: row[`c${identity.length}`] ?? null };
}
