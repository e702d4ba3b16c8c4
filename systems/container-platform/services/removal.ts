import { sql } from "kysely";
import type { Outcome, Plan } from "ondelete";
import type { Platform, Session } from "../database.ts";
import { blocked, conflicting, notFound, refusing } from "../errors.ts";
import type { Schema } from "../schema.ts";
import { type Actor, record } from "./audit.ts";

/** How many rows were deleted or hidden, by table, and the operation that takes it back. */
export interface Removal {
  readonly operation: string;
  readonly rows: Readonly<Record<string, number>>;
}

interface Kind {
  readonly table: keyof Schema;
  readonly key: string;
  /** What the history calls it. */
  readonly name: string;
}

/** Deletes of one kind of row: what a delete would do, the delete, and its restore. Each is one transaction. */
export class RemovalService {
  readonly #platform: Platform;
  readonly #kind: Kind;

  constructor(platform: Platform, kind: Kind) {
    this.#platform = platform;
    this.#kind = kind;
  }

  /** What a delete would do; changes nothing. @throws PlatformError `not-found` */
  preview(id: string): Promise<Plan> {
    const { table, key } = this.#kind;
    return refusing(this.#platform.softly.planDelete(table, { [key]: id }));
  }

  /** Hides a live row with everything below. @throws PlatformError `not-found`, `blocked` */
  hide(id: string, by: Actor): Promise<Removal> {
    const { table, key, name } = this.#kind;
    return this.#removed(id, by, async (session) => {
      await requireLive(session, { table, key, name }, id);
      return session.softly.softDelete(table, { [key]: id }, { actor: by.username });
    });
  }

  /** Deletes a row, hidden or not, with everything below. @throws PlatformError `not-found`, `blocked` */
  destroy(id: string, by: Actor): Promise<Removal> {
    const { table, key } = this.#kind;
    return this.#removed(id, by, (session) =>
      refusing(session.softly.delete(table, { [key]: id }, { actor: by.username })),
    );
  }

  /** Brings back what one operation took, and nothing else. @throws PlatformError `not-found`, `conflict` */
  restore(id: string, operation: string, by: Actor): Promise<void> {
    const { table, name } = this.#kind;
    return this.#platform.transaction(async (session) => {
      const { operations } = await refusing(session.softly.database.status(operation));
      if (operations[0]?.target.table !== table) throw notFound(`operation on ${name}`, operation);
      const { state, conflicts } = await refusing(session.softly.restore(operation));
      if (state === "blocked") throw conflicting(conflicts);
      await record(session, by, { action: "restore", type: name, id, description: operation });
    });
  }

  #removed(id: string, by: Actor, remove: (session: Session) => Promise<Outcome>): Promise<Removal> {
    const { name } = this.#kind;
    return this.#platform.transaction(async (session) => {
      const { state, operation, deleted, blockers } = await remove(session);
      if (state === "blocked") throw blocked(blockers ?? []);
      if (operation === null) throw notFound(name, id);
      const tables = Object.entries(deleted).map(([table, rows]) => `${table} ${rows}`);
      await record(session, by, { action: "delete", type: name, id, description: tables.join(", ") });
      return { operation, rows: deleted };
    });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the query is the same for every table
type AnyTable = any;

/** Locks a row against a delete that runs beside. @throws PlatformError `not-found` where it is gone or hidden */
export async function requireLive(
  { live, engine }: Session,
  { table, key, name }: Kind,
  id: string,
): Promise<void> {
  const lock = engine === "mariadb" ? sql`lock in share mode` : sql`for share`;
  const row: unknown = await (live as AnyTable)
    .selectFrom(table)
    .select(key)
    .where(key, "=", id)
    .modifyEnd(lock)
    .executeTakeFirst();
  if (row === undefined) throw notFound(name, id);
}

export const PROJECT: Kind = { table: "projects", key: "pid", name: "project" };
export const FORM: Kind = { table: "forms", key: "id", name: "form" };
export const IMAGE_REQUEST: Kind = { table: "image_requests", key: "id", name: "image request" };
export const USER: Kind = { table: "users", key: "uid", name: "user" };
export const GROUP: Kind = { table: "groups", key: "gid", name: "group" };
