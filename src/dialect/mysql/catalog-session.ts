import type { Row } from "../engine.ts";

/**
 * The connection, and whether its session enforces foreign keys.
 * @see https://mariadb.com/kb/en/server-system-variables/#foreign_key_checks
 */
export const SESSION = `
select database() as namespace, version() as version, @@lower_case_table_names as folding,
  @@foreign_key_checks as enforcing, current_user() as account`;

export interface SessionRow extends Row {
  /** The connected database; null where none was selected. */
  readonly namespace: string | null;
  readonly version: string;
  /** 0: names of databases and tables are taken letter by letter; otherwise upper and lower case are the same. */
  readonly folding: string;
  readonly enforcing: "0" | "1";
  /** `user@host`, as the server found it. */
  readonly account: string;
}

/** What tells MariaDB from MySQL. @see https://mariadb.com/kb/en/version/ */
export const isMariaDb = (version: string): boolean => /mariadb/i.test(version);

const databaseOf = (name: string) =>
  `convert(convert(cast(substring_index(${name}, '/', 1) as binary) using filename) using utf8mb4)`;

/**
 * Pairs of databases that a foreign key connects, also where the role has no right on one of them. It takes the
 * privilege PROCESS, costs the same however many tables the server has, and gives names as those of files.
 * @see https://mariadb.com/kb/en/information-schema-innodb_sys_foreign-table/
 * @see https://mariadb.com/kb/en/identifier-to-file-name-mapping/
 */
export const LINKS_OF_INNODB = `
select distinct ${databaseOf("for_name")} as child, ${databaseOf("ref_name")} as parent
from information_schema.innodb_sys_foreign
where cast(substring_index(for_name, '/', 1) as binary) <> cast(substring_index(ref_name, '/', 1) as binary)`;

/**
 * The same pairs as far as the role may see both tables. MariaDB opens every such table for it; MySQL does not.
 * @see https://mariadb.com/kb/en/information-schema-key_column_usage-table/
 */
export const LINKS = `
select distinct table_schema as child, referenced_table_schema as parent
from information_schema.key_column_usage
where table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys')
  and referenced_table_schema is not null
  and cast(table_schema as binary) <> cast(referenced_table_schema as binary)`;

export interface LinkRow extends Row {
  readonly child: string;
  readonly parent: string;
}
