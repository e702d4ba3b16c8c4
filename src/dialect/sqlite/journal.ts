import type { CatalogScope } from "../engine.ts";
import { id, list, raw, type Sql, sql } from "../sql.ts";

type Journal = CatalogScope["journal"];

/** SQLite has no schemas: the journal's tables are told by a prefix. */
export const journalName = (name: string, journal: Journal): Sql => id("main", journal.prefix + name);

/** The journal's tables and their columns; images are JSON text, see image.ts and pack.ts. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  operation: [
    "id text primary key",
    "state text not null",
    "mode text not null",
    "target text not null",
    "digest text not null",
    "fingerprint text not null",
    "plan text not null",
    "deleted text not null",
    "updated text not null",
    "archive integer not null",
    "started text not null",
    "finished text",
    "actor text",
    "reason text",
    "restored text",
    "batches integer not null",
    "work text",
    "position text",
    "owner text",
    "lease integer",
    "token integer not null",
  ],
  archive_part: [
    "operation text",
    "part integer",
    "kind text",
    "table_id text",
    "columns text",
    "key_columns text",
    "relation text",
    "rows integer",
    "primary key (operation, part)",
  ],
  archive_chunk: [
    "operation text",
    "part integer",
    "ordinal integer",
    "rows integer not null",
    "images blob not null",
    "primary key (operation, part, ordinal)",
  ],
  work_chunk: [
    "operation text",
    "list integer",
    "ordinal integer",
    "rows integer not null",
    "images blob not null",
    "primary key (operation, list, ordinal)",
  ],
  // An id is never given twice: what a hook is told to know an event by is made of it.
  outbox: [
    "id integer primary key autoincrement",
    "operation text not null",
    "kind text not null",
    "subject text not null",
    "body text not null",
    "state text not null",
    "attempts integer not null",
    "error text",
    "created text not null",
  ],
};

/** The full names of the journal's tables. */
export const journalNames = (journal: Journal): readonly string[] =>
  Object.keys(TABLES).map((name) => journal.prefix + name);

export function createJournal(journal: Journal): readonly Sql[] {
  return Object.entries(TABLES).map(
    ([name, columns]) =>
      sql`create table if not exists ${journalName(name, journal)} (${list(columns.map(raw))})`,
  );
}

/** Selects one row per table of the journal that exists. */
export function findJournal(journal: Journal): { readonly query: Sql; readonly tables: number } {
  const names = journalNames(journal).map((name) => sql`${name}`);
  const query = sql`select name from main.sqlite_schema where type = 'table' and name in (${list(names)})`;
  return { query, tables: names.length };
}
