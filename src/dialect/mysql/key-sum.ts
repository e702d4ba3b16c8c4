import { type Sql, sql } from "../sql.ts";

/**
 * Sums over a select of one text column `key`: per key the first and the next 15 hexadecimal digits of its SHA-256 as
 * numbers. @see https://mariadb.com/kb/en/sha2/ and https://mariadb.com/kb/en/conv/
 */
export const keySums = (keys: Sql): Sql => sql`
  count(*) as \`rows\`,
  cast(coalesce(sum(cast(conv(substr(h.hash, 1, 15), 16, 10) as unsigned)), 0) as char) as \`high\`,
  cast(coalesce(sum(cast(conv(substr(h.hash, 16, 15), 16, 10) as unsigned)), 0) as char) as \`low\`
  from (select sha2(convert(k.\`key\` using utf8mb4), 256) as hash from (${keys}) as k) as h`;
