import type { Row, Transaction } from "../engine.ts";
import { raw, sql } from "../sql.ts";
import { COMMENTS, type CommentRow } from "./catalog-comments.ts";
import { type CheckRow, checks, type ForeignKeyRow, foreignKeys } from "./catalog-constraints.ts";
import { type IndexRow, indexes } from "./catalog-indexes.ts";
import { type PublicationRow, publications } from "./catalog-publications.ts";
import {
  type ColumnRow,
  columns,
  SESSION,
  type SessionRow,
  TABLES,
  type TableRow,
} from "./catalog-tables.ts";
import { TRIGGERS, type TriggerRow } from "./catalog-triggers.ts";

/** The rows of the catalog that a model is made of, read in nine queries. */
export interface Catalog {
  readonly session: SessionRow;
  readonly tables: readonly TableRow[];
  readonly columns: readonly ColumnRow[];
  readonly foreignKeys: readonly ForeignKeyRow[];
  readonly checks: readonly CheckRow[];
  readonly indexes: readonly IndexRow[];
  readonly triggers: readonly TriggerRow[];
  readonly publications: readonly PublicationRow[];
  readonly comments: readonly CommentRow[];
}

/** @param journal the schema of ondelete's own tables, which are left out */
export async function readCatalog(tx: Transaction, journal: string): Promise<Catalog> {
  const query = async <R extends Row>(text: string): Promise<readonly R[]> => {
    const [before, ...after] = text.split("$1::text");
    const pieces = after.map((piece) => sql`${journal}::text${raw(piece)}`);
    return (await tx.rows(sql`${raw(before ?? "")}${sql.join(pieces, raw(""))}`)) as readonly R[];
  };
  const [session] = await query<SessionRow>(SESSION);
  if (!session) throw new Error("bug in ondelete: a select without FROM gave no row");
  const version = Number(session.version);
  return {
    session,
    tables: await query<TableRow>(TABLES),
    columns: await query<ColumnRow>(columns(version)),
    foreignKeys: await query<ForeignKeyRow>(foreignKeys(version)),
    checks: await query<CheckRow>(checks(version)),
    indexes: await query<IndexRow>(indexes(version)),
    triggers: await query<TriggerRow>(TRIGGERS),
    publications: await query<PublicationRow>(publications(version)),
    comments: await query<CommentRow>(COMMENTS),
  };
}
