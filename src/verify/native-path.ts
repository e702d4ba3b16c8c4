import type { Engine, Transaction } from "../dialect/engine.ts";
import { sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { Table } from "../model/table.ts";
import { type BuiltRow, whereRow } from "./built-row.ts";

/**
 * Deletes a row as a bare DELETE on its own does, checks of the commit included.
 * @param waiting the table whose references are looked at in the commit alone, null where there is none
 * @returns why it is refused, null where it is not
 */
export async function bareDelete(
  engine: Engine,
  tx: Transaction,
  { row, waiting }: { readonly row: BuiltRow; readonly waiting: Table | null },
): Promise<string | null> {
  const { syntax, native } = engine;
  const { before, after, dangling } = native.asBare;
  for (const statement of before) await tx.run(statement);
  const count = async () => (waiting && dangling ? Number((await tx.rows(dangling(waiting)))[0]?.n ?? 0) : 0);
  const found = await count();
  const refusal = await tx.attempt(async () => {
    const where = whereRow(syntax, row, row.table.name);
    await tx.run(sql`delete from ${syntax.rows(row.table)} where ${where}`);
    for (const statement of after) await tx.run(statement);
    return null;
  });
  if (refusal instanceof OnDeleteError) return refusal.message;
  return (await count()) > found ? "The commit would be refused: a reference finds no row any more." : null;
}
