import type { Change, Effect } from "../dialect/planned.ts";
import { OnDeleteError } from "../error.ts";
import type { Warning } from "../model/plan.ts";
import type { TableId } from "../model/table.ts";
import type { Closure } from "./closure.ts";

interface Touched {
  readonly removed: Closure;
  readonly effects: readonly Effect[];
  readonly marks: readonly Change[];
}

/** Tables whose rows would change and could not be brought back: a rollback leaves what was done to them. */
function withoutTransactions({ removed, effects, marks }: Touched): readonly TableId[] {
  const touched = [...removed.tables.values(), ...effects, ...marks].map(({ table }) => table);
  return [...new Set(touched.filter((table) => table.nonTransactional).map((table) => table.id))];
}

/** @throws `unsupported` */
export function checkTransactional(touched: Touched): void {
  const [table] = withoutTransactions(touched);
  if (table === undefined) return;
  throw new OnDeleteError(
    "unsupported",
    `Rows of ${table} would be changed, and its storage engine has no transactions: a delete that fails halfway could not be taken back.`,
    {
      hint: `Nothing was changed. Move the table to an engine that has them: alter table ${table} engine = InnoDB.`,
      details: { table },
    },
  );
}

export function notTransactional(touched: Touched): readonly Warning[] {
  return withoutTransactions(touched).map((table) => ({
    code: "not-transactional",
    message: `The storage engine of ${table} has no transactions: what is done to its rows cannot be rolled back. This can be planned; a delete refuses it. "alter table ${table} engine = InnoDB" makes it possible.`,
    table,
  }));
}
