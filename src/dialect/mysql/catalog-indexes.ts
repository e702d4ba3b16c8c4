import type { OfTable } from "./catalog-tables.ts";

/**
 * The entries of indexes. An index that the optimizer is told to leave alone still keeps values unique.
 * @see https://mariadb.com/kb/en/information-schema-statistics-table/
 * @see https://dev.mysql.com/doc/refman/8.4/en/information-schema-statistics-table.html
 */
export const indexes = (mariadb: boolean): string => `
select s.table_schema as namespace, s.table_name as tab, s.index_name as name, s.seq_in_index as position,
  s.column_name as col, ${mariadb ? "null" : "s.expression"} as expression, s.sub_part as length,
  s.non_unique as repeats, s.index_type as method,
  ${mariadb ? "s.ignored = 'YES'" : "s.is_visible = 'NO'"} as unused
from information_schema.statistics s
where s.table_schema = $1`;

export interface IndexRow extends OfTable {
  /** `PRIMARY` for the primary key. */
  readonly name: string;
  readonly position: string;
  /** Null for an expression, which only MySQL has. */
  readonly col: string | null;
  readonly expression: string | null;
  /** How many characters (bytes of a binary string) of the column are indexed; null for all of it. */
  readonly length: string | null;
  readonly repeats: "0" | "1";
  readonly method: string;
  readonly unused: "0" | "1";
}
