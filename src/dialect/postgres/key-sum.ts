import { type Sql, sql } from "../sql.ts";

/**
 * Sums over a select of one text column `key`: per key the first and the next 15 hexadecimal digits of its SHA-256 as
 * numbers. With OFFSET a key is hashed once, not once for each sum.
 * @see https://www.postgresql.org/docs/current/functions-binarystring.html
 */
export const keySums = (keys: Sql): Sql => sql`
  count(*)::text as rows,
  coalesce(sum(('x' || substr(hash, 1, 15))::bit(60)::bigint), 0)::text as high,
  coalesce(sum(('x' || substr(hash, 16, 15))::bit(60)::bigint), 0)::text as low
  from (select encode(sha256(convert_to(k.key, 'UTF8')), 'hex') as hash from (${keys}) k offset 0) hashes`;
