import type { Row } from "../engine.ts";

/** The row of a table, in every query of the catalog: `namespace` is its database. */
export interface OfTable extends Row {
  readonly namespace: string;
  readonly tab: string;
}

const IS_TABLE = "t.table_schema = $1 and t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED')";

/**
 * Tables, without views, sequences and temporary ones. Like every query below it takes the database as `$1`, a
 * constant: without one MariaDB opens every table of the server.
 * @see https://mariadb.com/kb/en/information-schema-tables-table/
 * @see https://mariadb.com/kb/en/information-schema-engines-table/
 */
export const TABLES = `
select t.table_schema as namespace, t.table_name as tab, t.table_rows as estimate, t.table_comment as comment,
  case when t.engine in (select e.engine from information_schema.engines e where e.transactions = 'YES')
    then 'true' else 'false' end as transactional
from information_schema.tables t
where ${IS_TABLE}`;

export interface TableRow extends OfTable {
  readonly estimate: string | null;
  readonly comment: string;
  readonly transactional: "true" | "false";
}

/** The names of the same tables. */
export const TABLE_NAMES = `
select t.table_schema as namespace, t.table_name as tab from information_schema.tables t where ${IS_TABLE}`;

export type TableNameRow = OfTable;

/** @see https://mariadb.com/kb/en/information-schema-columns-table/ */
export const COLUMNS = `
select c.table_schema as namespace, c.table_name as tab, c.column_name as name, c.ordinal_position as position,
  c.column_type as type, c.is_nullable as nullable, c.column_default as preset, c.extra as extra,
  c.generation_expression as expression, c.collation_name as collation, c.column_comment as comment
from information_schema.columns c
where c.table_schema = $1`;

export interface ColumnRow extends OfTable {
  readonly name: string;
  readonly position: string;
  readonly type: string;
  readonly nullable: "YES" | "NO";
  /** The default: on MariaDB as SQL, on MySQL a bare text unless `extra` says DEFAULT_GENERATED. */
  readonly preset: string | null;
  /** Words like `auto_increment`, `on update current_timestamp()`, `STORED GENERATED`, `INVISIBLE`. */
  readonly extra: string;
  /** What a generated column is computed from, or `ROW START` and `ROW END` of a system-versioned table. */
  readonly expression: string | null;
  readonly collation: string | null;
  readonly comment: string;
}
