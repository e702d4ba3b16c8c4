import type { KeySum, Transaction } from "../engine.ts";
import { type Sql, sql } from "../sql.ts";

/**
 * Sums up a select of one text column `key`: per key the first and the next 15 hexadecimal digits of its SHA-256 as
 * numbers. @see https://www.postgresql.org/docs/current/functions-binarystring.html
 */
export async function sumKeys(tx: Transaction, keys: Sql): Promise<KeySum> {
  const [row] = await tx.rows(sql`
    select count(*)::text as rows,
      coalesce(sum(('x' || substr(hash, 1, 15))::bit(60)::bigint), 0)::text as high,
      coalesce(sum(('x' || substr(hash, 16, 15))::bit(60)::bigint), 0)::text as low
    from (select encode(sha256(convert_to(k.key, 'UTF8')), 'hex') as hash from (${keys}) k) hashes`);
  return { rows: Number(row?.rows), sums: [row?.high ?? "0", row?.low ?? "0"] };
}
