import type { Platform } from "../database.ts";
import { notFound } from "../errors.ts";
import { shortId } from "../ids.ts";
import type { NewRow, Row } from "../schema.ts";
import { type Actor, record } from "./audit.ts";
import { USER } from "./locks.ts";
import { below, inBatches, limitOf, type Page, valuesOf } from "./pages.ts";
import { RemovalService } from "./removal.ts";

export type NewUser = Pick<NewRow<"users">, "username" | "email" | "full_name" | "role">;

export interface UserWithGroups extends Row<"users"> {
  readonly groups: readonly Pick<Row<"group_members">, "gid" | "group_name" | "role">[];
}

export class UserService extends RemovalService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    super(platform, USER);
    this.#platform = platform;
  }

  /** @throws PlatformError `not-found` */
  async get(uid: string): Promise<Row<"users">> {
    return this.#platform.live
      .selectFrom("users")
      .selectAll()
      .where("uid", "=", uid)
      .executeTakeFirstOrThrow(() => notFound("user", uid));
  }

  /** Users with their groups, in two queries. */
  async list(page: Page = {}): Promise<UserWithGroups[]> {
    const { live } = this.#platform;
    const users = await live
      .selectFrom("users")
      .selectAll()
      .$if(page.after !== undefined, (query) => query.where("uid", ">", String(page.after)))
      .orderBy("uid")
      .limit(limitOf(page))
      .execute();
    if (users.length === 0) return [];
    const groups = below(
      await live
        .selectFrom("group_members")
        .selectAll()
        .where("uid", "in", valuesOf(users, "uid"))
        .orderBy("group_name")
        .execute(),
      "uid",
    );
    return users.map((user) => ({
      ...user,
      groups: groups(user.uid).map(({ gid, group_name, role }) => ({ gid, group_name, role })),
    }));
  }

  /** @throws PlatformError `taken` */
  async create(user: NewUser, by: Actor): Promise<Row<"users">> {
    const [uid = ""] = await this.createMany([user], by);
    return this.get(uid);
  }

  /** All of them, or none. Returns their ids in the same order. @throws PlatformError `taken` */
  createMany(users: readonly NewUser[], by: Actor): Promise<string[]> {
    const rows = users.map((user) => ({ ...user, uid: shortId() }));
    return this.#platform.transaction(async (session) => {
      await inBatches(rows, (some) => session.unscoped.insertInto("users").values(some).execute());
      const deeds = rows.map(
        ({ uid, username }) => ({ action: "create", type: "user", id: uid, description: username }) as const,
      );
      await record(session, by, ...deeds);
      return rows.map(({ uid }) => uid);
    });
  }
}
