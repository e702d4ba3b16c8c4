import type { TextRow, Variant } from "./databases.ts";
import { quote } from "./dress.ts";

/** A database or a session of it. */
export interface Reader {
  rows(query: string): Promise<TextRow[]>;
}

/** All rows of all tables by table name, each as its values joined by |, null as ∅; ondelete's own tables left out. */
export type Dump = Readonly<Record<string, readonly string[]>>;

const POSTGRES = `select n.nspname as namespace, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'ondelete') order by 1, 2`;
const SQLITE = `select null as namespace, name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\'
  and name not like 'ondelete\\_%' escape '\\' order by name`;

const MARIADB = `select null as namespace, table_name as name from information_schema.tables
  where table_schema = database() and table_type = 'BASE TABLE' and table_name not like 'ondelete\\_%' order by 2`;
/** Temporary tables are in no catalog of this version. */
const MARIADB_OBJECTS = `select concat(table_type, ' ', table_name) as what from information_schema.tables
  where table_schema = database() order by 1`;

export async function dump(db: Reader, variant: Variant): Promise<Dump> {
  const tables = await db.rows(
    variant.engine === "sqlite" ? SQLITE : variant.engine === "mariadb" ? MARIADB : POSTGRES,
  );
  const out: Record<string, readonly string[]> = {};
  for (const { namespace, name } of tables) {
    const from = [namespace, name].flatMap((part) => (part == null ? [] : [quote(part)])).join(".");
    out[name ?? ""] = (await db.rows(`select * from ${from}`)).map(asText).sort();
  }
  return out;
}

const asText = (row: Readonly<Record<string, string | null>>): string =>
  Object.values(row)
    .map((value) => value ?? "∅")
    .join("|");

/** Everything that exists in the database, ondelete's journal aside: a plan must add nothing to it. */
export async function objects(db: Reader, variant: Variant): Promise<readonly string[]> {
  const query =
    variant.engine === "sqlite"
      ? `select type || ' ' || name as what from (select * from sqlite_schema union all select * from sqlite_temp_schema) order by 1`
      : variant.engine === "mariadb"
        ? MARIADB_OBJECTS
        : `select n.nspname || ' ' || c.relname as what from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') union all
         select nspname from pg_namespace where nspname !~ '^pg_(toast_)?temp_' order by 1`;
  return (await db.rows(query)).map((row) => row.what ?? "");
}
