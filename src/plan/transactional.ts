import { OnDeleteError } from "../error.ts";
import type { Table } from "../model/table.ts";
import type { Closure } from "./closure.ts";
import type { Effects } from "./effects.ts";

/**
 * Refuses rows that could not be brought back: a statement that fails halfway, and a rollback, leave what was done to
 * them.
 * @throws `unsupported`
 */
export function checkTransactional(closure: Closure, { effects }: Effects): void {
  const touched: readonly Table[] = [...closure.tables.values(), ...effects].map(({ table }) => table);
  const lasting = touched.find((table) => table.nonTransactional);
  if (!lasting) return;
  throw new OnDeleteError(
    "unsupported",
    `Rows of ${lasting.id} would be changed, and its storage engine has no transactions: a delete that fails halfway could not be taken back.`,
    {
      hint: `Move the table to an engine that has them: alter table ${lasting.id} engine = InnoDB.`,
      details: { table: lasting.id },
    },
  );
}
