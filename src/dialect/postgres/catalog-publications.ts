import type { Row } from "../engine.ts";
import { USER_TABLES } from "./catalog-tables.ts";

const PUBLISHED = (version: number) => `(p.puballtables
    or exists (select from pg_catalog.pg_publication_rel r where r.prpubid = p.oid and r.prrelid in (select t.tab from above t))
    ${
      version >= 150000
        ? `or exists (select from pg_catalog.pg_publication_namespace s join pg_catalog.pg_class a on a.relnamespace = s.pnnspid
      where s.pnpubid = p.oid and a.oid in (select t.tab from above t))`
        : ""
    })`;

/**
 * Publications of deletes or updates of tables whose rows have no replica identity: the server refuses these
 * statements, whatever `wal_level` is (measured on 15.18). A partition is published with the tables above it.
 * @see https://www.postgresql.org/docs/current/logical-replication-publication.html
 */
export const publications = (version: number): string => `
select c.oid::text as tab, p.pubname::text as name, p.pubdelete::text as deletes, p.pubupdate::text as updates
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
cross join pg_catalog.pg_publication p
cross join lateral (
  with above as (
    select c.oid as tab union select relid::oid from pg_catalog.pg_partition_ancestors(c.oid) relid)
  select ${PUBLISHED(version)} as published) m
where ${USER_TABLES} and c.relkind = 'r' and c.relpersistence = 'p' and c.relreplident <> 'f'
  and (p.pubdelete or p.pubupdate) and m.published
  and not exists (
    select from pg_catalog.pg_index i
    where i.indrelid = c.oid and i.indisvalid and i.indimmediate
      and case c.relreplident when 'd' then i.indisprimary when 'i' then i.indisreplident end)
order by c.oid, p.pubname collate "C"`;

export interface PublicationRow extends Row {
  readonly tab: string;
  readonly name: string;
  readonly deletes: "true" | "false";
  readonly updates: "true" | "false";
}
