import { sql } from "kysely";
import type { Session } from "../database.ts";
import { notFound } from "../errors.ts";
import type { Schema } from "../schema.ts";

/** A kind of row that others are below. */
export interface Kind {
  readonly table: keyof Schema;
  readonly key: string;
  /** What the history calls it. */
  readonly name: string;
  /** Whether its rows can be hidden. */
  readonly hides: boolean;
}

export const USER: Kind = { table: "users", key: "uid", name: "user", hides: false };
export const GROUP: Kind = { table: "groups", key: "gid", name: "group", hides: false };
export const PROJECT: Kind = { table: "projects", key: "pid", name: "project", hides: true };
export const CONFIG_FILE: Kind = { table: "config_files", key: "cfid", name: "config file", hides: true };
export const FORM: Kind = { table: "forms", key: "id", name: "form", hides: true };
export const MESSAGE: Kind = { table: "form_messages", key: "id", name: "message", hides: true };
export const REPOSITORY: Kind = {
  table: "container_repositories",
  key: "id",
  name: "repository",
  hides: false,
};
export const IMAGE_REQUEST: Kind = {
  table: "image_requests",
  key: "id",
  name: "image request",
  hides: true,
};
export const ALLOW_LIST: Kind = {
  table: "image_allow_lists",
  key: "id",
  name: "allow list",
  hides: true,
};

// biome-ignore lint/suspicious/noExplicitAny: the query is the same for every table
type AnyTable = any;

/** Whether others may lock the row to read it too; a row that is to be changed is locked for that from the start. */
type Purpose = "read" | "change";

/**
 * Locks a row against a delete that runs beside, and says whether it is there and not hidden. Locks are taken parents
 * first, as deletes take them, the user who acts before all else, so that no two transactions wait for each other.
 */
export async function locked(
  { unscoped, engine }: Session,
  { table, key, hides }: Kind,
  id: string,
  purpose: Purpose = "read",
): Promise<boolean> {
  const shared = engine === "mariadb" ? sql`lock in share mode` : sql`for share`;
  const row: unknown = await (unscoped as AnyTable)
    .selectFrom(table)
    .select(key)
    .where(key, "=", id)
    .$if(hides, (query: AnyTable) => query.where("deleted_at", "is", null))
    .modifyEnd(purpose === "change" ? sql`for update` : shared)
    .executeTakeFirst();
  return row !== undefined;
}

/** The same. @throws PlatformError `not-found` where it is gone or hidden */
export async function requireLive(
  session: Session,
  kind: Kind,
  id: string,
  purpose: Purpose = "read",
): Promise<void> {
  if (!(await locked(session, kind, id, purpose))) throw notFound(kind.name, id);
}
