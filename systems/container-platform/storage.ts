import { sql } from "kysely";
import type { Platform } from "./database.ts";

/** Part of the bytes that the platform's tables and indexes take together. */
export interface IndexShare {
  readonly kind: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly claimed: string;
}

interface IndexSize {
  readonly is_unique: boolean | number;
  /** Whether its first column references another table. */
  readonly leads: boolean | number;
  readonly bytes: string | number;
}

/** What the indexes take, by what they are for; primary keys, which MariaDB keeps the rows in, count as rows there. */
export async function indexShares({ unscoped, engine }: Platform): Promise<IndexShare[]> {
  const postgres = sql<IndexSize>`
    select i.indisunique as is_unique, pg_relation_size(i.indexrelid) as bytes,
      exists (select 1 from pg_constraint k where k.conrelid = i.indrelid and k.contype = 'f' and k.conkey[1] = i.indkey[0]) as leads
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace`;
  const mariadb = sql<IndexSize>`
    select not max(s.non_unique) as is_unique, max(t.stat_value) * @@innodb_page_size as bytes,
      max(exists (select 1 from information_schema.key_column_usage k where k.table_schema = database()
        and k.table_name = s.table_name and k.referenced_table_name is not null
        and k.column_name = s.column_name and s.seq_in_index = 1)) as leads
    from information_schema.statistics s
    join mysql.innodb_index_stats t on t.database_name = database() and t.table_name = s.table_name
      and t.index_name = s.index_name and t.stat_name = 'size'
    where s.table_schema = database() and s.index_name <> 'PRIMARY' group by s.table_name, s.index_name`;
  const total =
    engine === "mariadb"
      ? sql<{
          bytes: string;
        }>`select sum(data_length + index_length) as bytes from information_schema.tables where table_schema = database()`
      : sql<{
          bytes: string;
        }>`select sum(pg_total_relation_size(oid)) as bytes from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`;
  const { rows } = await (engine === "mariadb" ? mariadb : postgres).execute(unscoped);
  const all = Number((await total.execute(unscoped)).rows[0]?.bytes);
  const share = (of: readonly IndexSize[]) => of.reduce((sum, { bytes }) => sum + Number(bytes), 0) / all;
  const plain = rows.filter((row) => !row.is_unique);
  return [
    {
      kind: "that lead with a reference",
      share: share(plain.filter((row) => row.leads)),
      claimed: "2 to 3 %",
    },
    {
      kind: "others that are not unique",
      share: share(plain.filter((row) => !row.leads)),
      claimed: "1 to 2 %",
    },
    {
      kind: "unique ones, primary keys included where they are indexes beside the rows",
      share: share(rows.filter((row) => row.is_unique)),
      claimed: "not named",
    },
  ];
}
