import { sql } from "kysely";
import type { Platform, Session } from "../database.ts";
import { PlatformError } from "../errors.ts";
import type { AuditAction, Row } from "../schema.ts";
import { locked, USER } from "./locks.ts";
import { inBatches, limitOf, type Page } from "./pages.ts";

/** Who does something. */
export interface Actor {
  readonly uid: string;
  readonly username: string;
}

interface Deed {
  readonly action: AuditAction;
  readonly type: string;
  readonly id: string;
  readonly description?: string | undefined;
}

/** Writes down who did what, in the transaction that does it; the name stays when the user is deleted. */
export async function record(
  session: Session,
  { uid, username }: Actor,
  ...deeds: readonly Deed[]
): Promise<void> {
  // An actor who has just deleted themselves is kept by name alone.
  const user_id = (await locked(session, USER, uid)) ? uid : null;
  const rows = deeds.map(({ action, type, id, description }) => ({
    user_id,
    actor_name: `${username} (${uid})`,
    action,
    resource_type: type,
    resource_id: id,
    description: description ?? null,
  }));
  await inBatches(rows, (some) => session.unscoped.insertInto("audit_logs").values(some).execute());
}

export class AuditService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Newest first, in one query; `after` is the last id of the page before. @throws PlatformError `invalid` */
  async list(
    where: Partial<Pick<Row<"audit_logs">, "user_id" | "resource_type" | "resource_id">>,
    page: Page = {},
  ): Promise<Row<"audit_logs">[]> {
    const after = entryOf(page);
    const entries = await this.#platform.unscoped
      .selectFrom("audit_logs")
      .selectAll()
      .where((is) => is.and(where))
      .$if(after !== null, (query) => query.where("id", "<", after))
      .orderBy("id", "desc")
      .limit(limitOf(page))
      .execute();
    return entries.map(numbered);
  }

  /** What was recorded since a time, newest first, in one query; `after` as above. @throws PlatformError `invalid` */
  async since(time: Date, page: Page = {}): Promise<Row<"audit_logs">[]> {
    const after = entryOf(page);
    const isOlder = sql<boolean>`(created_at, id) < (select created_at, id from audit_logs where id = ${after})`;
    const entries = await this.#platform.unscoped
      .selectFrom("audit_logs")
      .selectAll()
      .where("created_at", ">=", time)
      .$if(after !== null, (query) => query.where(isOlder))
      .orderBy("created_at", "desc")
      .orderBy("id", "desc")
      .limit(limitOf(page))
      .execute();
    return entries.map(numbered);
  }
}

function entryOf({ after }: Page): number | null {
  if (after === undefined) return null;
  if (/^\d{1,15}$/.test(after)) return Number(after);
  throw new PlatformError("invalid", `${JSON.stringify(after)} is not the id of an entry, a whole number.`);
}

/** PostgreSQL's driver gives a bigint as text. */
const numbered = (entry: Row<"audit_logs">): Row<"audit_logs"> => ({ ...entry, id: Number(entry.id) });
