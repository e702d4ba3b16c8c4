import type { CatalogScope, Transaction } from "../engine.ts";
import { id, raw, type Sql, sql } from "../sql.ts";
import { printStatement } from "./compiler.ts";

type Journal = CatalogScope["journal"];

const TABLES: Readonly<Record<string, string>> = {
  operation: `id text primary key, state text not null, mode text not null, target text not null,
    digest text not null, fingerprint text not null, plan text not null, deleted text not null,
    updated text not null, archive integer not null, started text not null, finished text, actor text,
    reason text, restored text, batches integer not null, work text, position text, owner text, lease bigint,
    token integer not null`,
  archive_part: `operation text, part integer, kind text, table_id text, columns text, key_columns text,
    relation text, rows bigint, primary key (operation, part)`,
  archive_chunk: `operation text, part integer, ordinal bigint, rows bigint not null, images text[] not null,
    primary key (operation, part, ordinal)`,
  work_chunk: `operation text, list integer, ordinal bigint, rows bigint not null, images text[] not null,
    primary key (operation, list, ordinal)`,
  outbox: `id bigint generated always as identity primary key, operation text not null, kind text not null,
    subject text not null, body text not null, state text not null, attempts integer not null, error text,
    created text not null`,
};

export const JOURNAL_TABLES: readonly string[] = Object.keys(TABLES);

/**
 * The statements that make the journal. To be run in one transaction: the lock, which ends with it, keeps two
 * processes from creating the same table, where IF NOT EXISTS alone fails with 23505.
 */
export function journalTables({ schema }: Journal): readonly Sql[] {
  return [
    sql`select pg_advisory_xact_lock(hashtextextended(${`ondelete journal ${schema}`}::text, 0))::text`,
    sql`create schema if not exists ${id(schema)}`,
    ...Object.entries(TABLES).map(
      ([name, columns]) => sql`create table if not exists ${id(schema, name)} (${raw(columns)})`,
    ),
    compressFast(schema),
  ];
}

/**
 * Far faster than PostgreSQL's own method, where the server was built with it; PGlite was not.
 * @see https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-DEFAULT-TOAST-COMPRESSION
 */
const compressFast = (schema: string): Sql =>
  sql`do ${raw(`$lz4$ begin ${printStatement(sql`alter table ${id(schema, "archive_chunk")} alter column images set compression lz4`)}; exception when feature_not_supported or syntax_error then null; end $lz4$`)}`;

/** Whether every table of the journal exists. */
export async function hasJournal(tx: Transaction, { schema }: Journal): Promise<boolean> {
  const rows = await tx.rows(sql`
    select c.relname::text as name from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema}::text and c.relkind = 'r'`);
  const names = new Set(rows.map((row) => row.name));
  return JOURNAL_TABLES.every((name) => names.has(name));
}
