import type { Row, Transaction } from "../engine.ts";
import { raw } from "../sql.ts";

/*
 * Everything is read with table-valued pragmas, so that the number of queries does not grow with the number of tables.
 * https://www.sqlite.org/pragma.html#pragfunc
 */

export interface SettingsRow {
  readonly foreign_keys: string;
  readonly ignore_checks: string;
  readonly has_statistics: string;
}

const SETTINGS = `select
  (select foreign_keys from pragma_foreign_keys) as foreign_keys,
  (select ignore_check_constraints from pragma_ignore_check_constraints) as ignore_checks,
  (select count(*) from main.sqlite_schema where name = 'sqlite_stat1') as has_statistics`;

export interface TableRow {
  readonly name: string;
  /** Position in sqlite_schema: the order of creation. */
  readonly position: string;
  readonly sql: string;
  readonly without_rowid: string;
  readonly strict: string;
}

/**
 * Ordinary tables; views, virtual tables and their shadow tables have another type. Without its argument the pragma lists
 * every table for each of them: half a second a query where there are a thousand.
 */
const USER_TABLES = `select s.name as name, s.rowid as position, s.sql as sql, l.wr as without_rowid, l.strict as strict
  from main.sqlite_schema s cross join pragma_table_list(s.name) l
  where s.type = 'table' and l.schema = 'main' and l.type = 'table' and l.name = s.name and s.name not like 'sqlite\\_%' escape '\\'`;

/** @see https://www.sqlite.org/pragma.html#pragma_table_list */
const TABLES = `${USER_TABLES} order by s.rowid`;

export interface ColumnRow {
  readonly table_name: string;
  readonly name: string;
  readonly type: string;
  readonly notnull: string;
  /** Position in the primary key from 1; 0 outside of it. */
  readonly pk: string;
  /** 0 ordinary, 2 virtual generated, 3 stored generated. */
  readonly hidden: string;
}

/** @see https://www.sqlite.org/pragma.html#pragma_table_xinfo */
const COLUMNS = `select t.name as table_name, c.name as name, c.type as type, c."notnull" as "notnull", c.pk as pk, c.hidden as hidden
  from (${USER_TABLES}) t cross join pragma_table_xinfo(t.name, 'main') c
  order by t.position, c.cid`;

export interface ForeignKeyRow {
  readonly table_name: string;
  /** Counts from the last foreign key of the table's text, which is 0, to the first. */
  readonly id: string;
  readonly parent: string;
  readonly column: string;
  /** Null where the parent's primary key is meant. */
  readonly parent_column: string | null;
  readonly on_delete: string;
  readonly on_update: string;
}

/** @see https://www.sqlite.org/pragma.html#pragma_foreign_key_list */
const FOREIGN_KEYS = `select t.name as table_name, f.id as id, f."table" as parent, f."from" as "column", f."to" as parent_column,
    f.on_delete as on_delete, f.on_update as on_update
  from (${USER_TABLES}) t cross join pragma_foreign_key_list(t.name, 'main') f
  order by t.position, f.id, f.seq`;

export interface IndexRow {
  readonly table_name: string;
  readonly name: string;
  readonly is_unique: string;
  /** `c` CREATE INDEX, `u` UNIQUE constraint, `pk` primary key. */
  readonly origin: string;
  /** Null for the index of a constraint. */
  readonly sql: string | null;
}

/** @see https://www.sqlite.org/pragma.html#pragma_index_list */
const INDEXES = `select t.name as table_name, i.name as name, i."unique" as is_unique, i.origin as origin, s.sql as sql
  from (${USER_TABLES}) t cross join pragma_index_list(t.name, 'main') i
    left join main.sqlite_schema s on s.type = 'index' and s.name = i.name
  order by t.position, i.name`;

export interface IndexColumnRow {
  readonly index_name: string;
  /** Null for an expression. */
  readonly name: string | null;
  readonly descending: string;
  readonly collation: string;
}

/** @see https://www.sqlite.org/pragma.html#pragma_index_xinfo */
const INDEX_COLUMNS = `select i.name as index_name, c.name as name, c."desc" as descending, c.coll as collation
  from (${USER_TABLES}) t cross join pragma_index_list(t.name, 'main') i cross join pragma_index_xinfo(i.name, 'main') c
  where c.key = 1
  order by i.name, c.seqno`;

export interface TriggerRow {
  readonly table_name: string;
  readonly name: string;
  readonly sql: string;
}

/** The order in which they fire, measured on 3.53: the connection's own first, as made; then the last made first. */
const TRIGGERS = `select table_name, name, sql from (
    select tbl_name as table_name, name, sql, 0 as turn, rowid as position from temp.sqlite_schema
      where type = 'trigger' and tbl_name not in (select name from temp.sqlite_schema where type in ('table', 'view'))
    union all
    select tbl_name, name, sql, 1, -rowid from main.sqlite_schema where type = 'trigger')
  order by turn, position`;

export interface StatisticsRow {
  readonly table_name: string;
  /** The first number is the count of rows in the index, or the table. */
  readonly stat: string;
}

/** @see https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table */
const STATISTICS = `select tbl as table_name, stat from main.sqlite_stat1 where stat is not null`;

/** What SQLite's catalog says, as it says it. */
export interface Catalog {
  readonly settings: SettingsRow;
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly indexes: readonly IndexRow[];
  readonly indexColumns: readonly IndexColumnRow[];
  readonly triggers: readonly TriggerRow[];
  readonly statistics: readonly StatisticsRow[];
}

/** Reads the catalog in eight queries. */
export async function readCatalog(tx: Transaction): Promise<Catalog> {
  const settings = (await select<SettingsRow>(tx, SETTINGS))[0] as SettingsRow;
  return {
    settings,
    tables: await select<TableRow>(tx, TABLES),
    columns: await select<ColumnRow>(tx, COLUMNS),
    foreignKeys: await select<ForeignKeyRow>(tx, FOREIGN_KEYS),
    indexes: await select<IndexRow>(tx, INDEXES),
    indexColumns: await select<IndexColumnRow>(tx, INDEX_COLUMNS),
    triggers: await select<TriggerRow>(tx, TRIGGERS),
    statistics: settings.has_statistics === "1" ? await select<StatisticsRow>(tx, STATISTICS) : [],
  };
}

async function select<T>(tx: Transaction, text: string): Promise<readonly T[]> {
  const rows: readonly Row[] = await tx.rows(raw(text));
  return rows as unknown as readonly T[];
}
