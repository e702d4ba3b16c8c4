import type { Transaction } from "../engine.ts";
import { raw } from "../sql.ts";

const CATALOGS = [
  "class",
  "attribute",
  "attrdef",
  "constraint",
  "index",
  "trigger",
  "rewrite",
  "type",
  "enum",
  "namespace",
  "publication",
  "publication_rel",
];

/** The transactions that wrote a catalog's rows, summed up in two ways: DDL replaces rows by newer ones. */
const written = (catalog: string): string => `(
    select count(*) || ':' || coalesce(sum(x), 0) || ':' || coalesce(sum(x * (x % 8191)), 0)
    from (select xmin::text::bigint as x from pg_catalog.pg_${catalog}) w)`;

/**
 * Sequences aside, everything that a model is read from, with what the session sees of it.
 * @see https://www.postgresql.org/docs/current/ddl-system-columns.html
 */
const version = (server: number): string => `
select concat_ws(' ', current_user, current_schemas(false), current_setting('session_replication_role'),
  ${[...CATALOGS, ...(server >= 150000 ? ["publication_namespace"] : [])].map(written).join(",\n  ")}) as version`;

/** A text that changes with the model; `server` is the server's version as a number, such as 150018. */
export async function modelVersion(tx: Transaction, server: number): Promise<string | null> {
  const [row] = await tx.rows(raw(version(server)));
  return row?.version ?? null;
}
