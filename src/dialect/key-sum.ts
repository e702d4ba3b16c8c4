import { unreachable } from "../error.ts";
import type { KeySelects, KeySum, Transaction } from "./engine.ts";
import { join, raw, type Sql, sql } from "./sql.ts";

/**
 * Sums up keys where the engine can hash.
 * @param sums the columns `rows`, `high` and `low` over one select of keys, each as text
 */
export async function sumKeysBy(
  sums: (keys: Sql) => Sql,
  tx: Transaction,
  { selects, over }: KeySelects,
): Promise<readonly KeySum[]> {
  const parts = selects.map((keys, i) => sql`select ${raw(`${i}`)} as place, ${sums(keys)}`);
  const found = new Map<number, KeySum>();
  for (const { place, rows, high, low } of await tx.rows(over(join(parts, " union all "))))
    found.set(Number(place), { rows: Number(rows), sums: [high ?? "0", low ?? "0"] });
  return selects.map((_, i) => found.get(i) ?? unreachable("a select without GROUP BY has one row"));
}
