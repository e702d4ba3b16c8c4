import { sameKey } from "../dialect/row-set.ts";
import { id, raw, sql } from "../dialect/sql.ts";
import { OnDeleteError } from "../error.ts";
import type { FileStore } from "../model/file-store.ts";
import type { Warning } from "../model/plan.ts";
import type { Analysis } from "./analysis.ts";

/** So many paths of a column are looked at for a plan; a delete looks at all of them. */
const LOOKED_AT = 10_000;

/** Paths that a delete would refuse. */
export async function fileWarnings(analysis: Analysis): Promise<readonly Warning[]> {
  const { scope, removed, task } = analysis;
  if (task.execute !== null) return []; // the delete itself refuses them
  const out: Warning[] = [];
  for (const { table } of removed.tables.values())
    for (const { column, store } of scope.policy.tables[table.id]?.files ?? []) {
      const refusal = await firstRefusal(store, await pathsOf(analysis, table.id, column));
      if (!refusal) continue;
      const message = `A delete would be refused for a file of ${table.id}.${column}: ${refusal.message}`;
      out.push({ code: refusal.code, message, table: table.id });
    }
  return out;
}

async function firstRefusal(store: FileStore, paths: readonly string[]): Promise<OnDeleteError | null> {
  for (const path of paths)
    try {
      await store.check(path);
    } catch (error) {
      if (error instanceof OnDeleteError) return error;
      throw error;
    }
  return null;
}

async function pathsOf(
  { reader, removed }: Analysis,
  table: string,
  column: string,
): Promise<readonly string[]> {
  const rows = removed.tables.get(table);
  if (!rows) return [];
  const { syntax, tx, sets } = reader;
  const path = syntax.plainText(id("t", column));
  const select = sql`select distinct ${path} as p from ${rows.set.from} as s ${syntax.drivenJoin} ${syntax.rows(rows.table)} as t on ${sameKey("t", "s", rows.set.key)} where ${id("t", column)} is not null and ${path} <> '' limit ${raw(String(LOOKED_AT))}`;
  const found = await tx.rows(sets.over([rows.set], select));
  return found.map((row) => row.p ?? "");
}
