import type { OfTable } from "./catalog-tables.ts";

/**
 * The columns of foreign keys. Every right on the child shows them.
 * @see https://mariadb.com/kb/en/information-schema-key_column_usage-table/
 */
export const FOREIGN_KEY_COLUMNS = `
select k.table_schema as namespace, k.table_name as tab, k.constraint_name as name, k.column_name as col,
  k.ordinal_position as position, k.referenced_table_schema as parent_namespace,
  k.referenced_table_name as parent_tab, k.referenced_column_name as parent_col
from information_schema.key_column_usage k
where k.table_schema = $1 and k.referenced_table_name is not null`;

export interface ForeignKeyColumnRow extends OfTable {
  readonly name: string;
  readonly col: string;
  readonly position: string;
  readonly parent_namespace: string;
  readonly parent_tab: string;
  readonly parent_col: string;
}

/**
 * The actions of foreign keys, which a role sees that has another right than SELECT on the whole database or server
 * (measured on MariaDB 10.11: rights on tables, even all of them, do not show them). InnoDB runs those of one parent in the order of the bytes of `database/constraint`, the database being written as the name of its folder.
 * @see https://mariadb.com/kb/en/information-schema-referential_constraints-table/
 */
export const actions = (mariadb: boolean): string => `
select r.constraint_schema as namespace, r.table_name as tab, r.constraint_name as name,
  hex(cast(${mariadb ? "convert(r.constraint_schema using filename)" : "r.constraint_schema"} as binary)) as folder,
  r.delete_rule as on_delete, r.update_rule as on_update
from information_schema.referential_constraints r
where r.constraint_schema = $1`;

export interface ActionRow extends OfTable {
  readonly name: string;
  /** Hexadecimal. */
  readonly folder: string;
  readonly on_delete: "RESTRICT" | "NO ACTION" | "CASCADE" | "SET NULL" | "SET DEFAULT";
  readonly on_update: ActionRow["on_delete"];
}

/**
 * @see https://mariadb.com/kb/en/information-schema-check_constraints-table/
 * @see https://dev.mysql.com/doc/refman/8.4/en/information-schema-check-constraints-table.html
 */
export const checks = (mariadb: boolean): string =>
  mariadb
    ? `
select c.constraint_schema as namespace, c.table_name as tab, c.constraint_name as name, c.check_clause as expression,
  'YES' as enforced
from information_schema.check_constraints c
where c.constraint_schema = $1`
    : `
select t.table_schema as namespace, t.table_name as tab, t.constraint_name as name, c.check_clause as expression,
  t.enforced as enforced
from information_schema.table_constraints t
join information_schema.check_constraints c
  on c.constraint_schema = t.constraint_schema and c.constraint_name = t.constraint_name
where t.table_schema = $1 and t.constraint_type = 'CHECK'`;

export interface CheckRow extends OfTable {
  readonly name: string;
  readonly expression: string;
  readonly enforced: "YES" | "NO";
}
