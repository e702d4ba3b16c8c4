import type { Engine, Transaction } from "../dialect/engine.ts";
import type { DeletedRows } from "../dialect/planned.ts";
import { OnDeleteError } from "../error.ts";
import type { Model } from "../model/model.ts";
import type { Report } from "../model/progress.ts";

/** Where rows are deleted. */
export interface DeletePlace {
  readonly tx: Transaction;
  readonly engine: Engine;
  readonly model: Model;
  readonly report: Report;
  /** How many rows of the journal were written in the transaction. */
  readonly journalRows: number;
}

/** @throws `count-mismatch` where another number of rows was deleted than planned */
export function checkCount(
  { table, rows }: DeletedRows,
  deleted: number,
  details: { readonly retriable?: true } = {},
): void {
  if (deleted === rows) return;
  throw new OnDeleteError(
    "count-mismatch",
    `${rows} rows of ${table.id} were to be deleted, but ${deleted} were: a trigger or rule on the table interferes.`,
    {
      hint: "Nothing was changed. Look at the table's triggers and rules.",
      details: { table: table.id, planned: rows, deleted, ...details },
    },
  );
}
