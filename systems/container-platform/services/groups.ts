import type { Platform } from "../database.ts";
import { notFound } from "../errors.ts";
import { shortId } from "../ids.ts";
import type { MemberRole, NewRow, Row } from "../schema.ts";
import { type Actor, record } from "./audit.ts";
import { GROUP, requireLive } from "./locks.ts";
import { below, inBatches, limitOf, type Page, valuesOf } from "./pages.ts";
import { RemovalService } from "./removal.ts";

export type NewGroup = Pick<NewRow<"groups">, "group_name" | "description">;

export interface GroupWithMembers extends Row<"groups"> {
  readonly members: readonly Pick<Row<"group_members">, "uid" | "username" | "role">[];
  readonly projects: readonly Pick<Row<"active_projects">, "pid" | "project_name">[];
}

export class GroupService extends RemovalService {
  readonly #platform: Platform;

  constructor(platform: Platform) {
    super(platform, GROUP);
    this.#platform = platform;
  }

  /** Groups with their members and live projects, in three queries. */
  async list(page: Page = {}): Promise<GroupWithMembers[]> {
    const { live } = this.#platform;
    const groups = await live
      .selectFrom("groups")
      .selectAll()
      .$if(page.after !== undefined, (query) => query.where("gid", ">", String(page.after)))
      .orderBy("gid")
      .limit(limitOf(page))
      .execute();
    if (groups.length === 0) return [];
    const gids = valuesOf(groups, "gid");
    const members = below(
      await live
        .selectFrom("group_members")
        .select(["gid", "uid", "username", "role"])
        .where("gid", "in", gids)
        .orderBy("username")
        .execute(),
      "gid",
    );
    const projects = below(
      await live
        .selectFrom("projects")
        .select(["gid", "pid", "project_name"])
        .where("gid", "in", gids)
        .orderBy("project_name")
        .execute(),
      "gid",
    );
    return groups.map((group) => ({
      ...group,
      members: members(group.gid).map(({ uid, username, role }) => ({ uid, username, role })),
      projects: projects(group.gid).map(({ pid, project_name }) => ({ pid, project_name })),
    }));
  }

  /** A group whose creator owns it. @throws PlatformError `taken` */
  create(group: NewGroup, by: Actor): Promise<string> {
    const gid = shortId();
    return this.#platform.transaction(async (session) => {
      await session.unscoped
        .insertInto("groups")
        .values({ ...group, gid })
        .execute();
      await session.unscoped.insertInto("user_group").values({ uid: by.uid, gid, role: "owner" }).execute();
      await record(session, by, { action: "create", type: "group", id: gid, description: group.group_name });
      return gid;
    });
  }

  /** All of them, or none. @throws PlatformError `taken` where one is a member already, `not-found` */
  addMembers(gid: string, uids: readonly string[], by: Actor, role: MemberRole = "member"): Promise<void> {
    const rows = uids.map((uid) => ({ uid, gid, role }));
    return this.#platform.transaction(async (session) => {
      await requireLive(session, GROUP, gid);
      await inBatches(rows, (some) => session.unscoped.insertInto("user_group").values(some).execute());
      await record(session, by, {
        action: "update",
        type: "group",
        id: gid,
        description: `${rows.length} members added`,
      });
    });
  }

  /** @throws PlatformError `not-found` */
  removeMember(gid: string, uid: string, by: Actor): Promise<void> {
    return this.#platform.transaction(async (session) => {
      const { numDeletedRows } = await session.unscoped
        .deleteFrom("user_group")
        .where("gid", "=", gid)
        .where("uid", "=", uid)
        .executeTakeFirst();
      if (numDeletedRows === 0n) throw notFound("member", uid);
      await record(session, by, { action: "update", type: "group", id: gid, description: `${uid} removed` });
    });
  }
}
