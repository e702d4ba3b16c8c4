import type { Engine, Transaction } from "../dialect/engine.ts";
import { sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import { type BuiltRow, whereRow } from "./built-row.ts";

/**
 * Deletes a row as a bare DELETE on its own does, checks of the commit included.
 * @returns the engine's refusal, null where it refuses nothing
 */
export async function bareDelete(
  engine: Engine,
  tx: Transaction,
  row: BuiltRow,
): Promise<OnDeleteError | null> {
  const { syntax, native } = engine;
  for (const statement of native.asBare.before) await tx.run(statement);
  const refusal = await tx.attempt(async () => {
    const where = whereRow(syntax, row, row.table.name);
    await tx.run(sql`delete from ${syntax.rows(row.table)} where ${where}`);
    for (const statement of native.asBare.after) await tx.run(statement);
    return null;
  });
  return refusal instanceof OnDeleteError ? refusal : null;
}
