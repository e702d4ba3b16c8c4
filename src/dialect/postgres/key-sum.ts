import { type Sql, sql } from "../sql.ts";

/**
 * Sums over a select of one text column `key`: per key the first and the next 15 hexadecimal digits of its SHA-256 as
 * numbers. The planner hashes a key twice for that; what would stop it also keeps parallel workers away.
 * @see https://www.postgresql.org/docs/current/functions-binarystring.html
 */
export const keySums = (keys: Sql): Sql => sql`
  count(*)::text as rows,
  coalesce(sum(hash::bit(60)::bigint), 0)::text as high,
  coalesce(sum((hash << 60)::bit(60)::bigint), 0)::text as low
  from (
    select ('x' || encode(substr(sha256(convert_to(k.key, 'UTF8')), 1, 15), 'hex'))::bit(120) as hash
    from (${keys}) k
  ) hashes`;
