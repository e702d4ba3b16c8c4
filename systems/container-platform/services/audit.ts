import type { Platform, Session } from "../database.ts";
import type { AuditAction, Row } from "../schema.ts";
import { limitOf, type Page } from "./pages.ts";

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
  { unscoped }: Session,
  { uid, username }: Actor,
  { action, type, id, description }: Deed,
): Promise<void> {
  // An actor who has just deleted themselves is kept by name alone.
  const own = (await unscoped.selectFrom("users").select("uid").where("uid", "=", uid).executeTakeFirst())
    ?.uid;
  await unscoped
    .insertInto("audit_logs")
    .values({
      user_id: own ?? null,
      actor_name: `${username} (${uid})`,
      action,
      resource_type: type,
      resource_id: id,
      description: description ?? null,
    })
    .execute();
}

export class AuditService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  /** Newest first, in one query; `after` is the last id of the page before. */
  list(
    where: Partial<Pick<Row<"audit_logs">, "user_id" | "resource_type" | "resource_id">>,
    page: Page = {},
  ): Promise<Row<"audit_logs">[]> {
    return this.#platform.unscoped
      .selectFrom("audit_logs")
      .selectAll()
      .where((is) => is.and(where))
      .$if(page.after !== undefined, (query) => query.where("id", "<", Number(page.after)))
      .orderBy("id", "desc")
      .limit(limitOf(page))
      .execute();
  }

  /** What was recorded since a time, newest first, in one query. */
  since(time: Date, page: Page = {}): Promise<Row<"audit_logs">[]> {
    return this.#platform.unscoped
      .selectFrom("audit_logs")
      .selectAll()
      .where("created_at", ">=", time)
      .orderBy("created_at", "desc")
      .limit(limitOf(page))
      .execute();
  }
}
