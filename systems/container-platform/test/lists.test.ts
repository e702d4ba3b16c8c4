import { expect, test } from "vitest";
import { eachEngine, refusal, type Stage } from "./stage.ts";

eachEngine((stage) => {
  /** The lists, each on its own, with the queries that eager loading takes. */
  const LISTS = [
    ["users with their groups", 2, ({ users }: Stage) => users.list({ limit: 100 })],
    ["groups with their members and projects", 3, ({ groups }: Stage) => groups.list({ limit: 100 })],
    ["projects with their configs", 4, ({ projects }: Stage) => projects.list({}, { limit: 100 })],
    ["forms with their messages", 3, ({ forms }: Stage) => forms.list({}, { limit: 100 })],
    ["the forms that a search finds", 3, ({ forms }: Stage) => forms.search("request", { limit: 100 })],
    ["image requests with people", 3, ({ images }: Stage) => images.listRequests({}, { limit: 100 })],
    ["repositories with their tags", 3, ({ images }: Stage) => images.listRepositories({ limit: 100 })],
    ["the audit log", 1, ({ audit }: Stage) => audit.list({}, { limit: 100 })],
    ["the audit log since a time", 1, ({ audit }: Stage) => audit.since(new Date(0), { limit: 100 })],
  ] as const;

  test("eager loading takes as many queries at 3 users as at 100", async () => {
    const rows: number[][] = [];
    for (const users of [3, 100]) {
      const services = await stage(users);
      const counts: number[] = [];
      for (const [what, queries, list] of LISTS) {
        services.queries();
        counts.push((await list(services)).length);
        expect([what, services.queries().length]).toEqual([what, queries]);
      }
      rows.push(counts);
      const [list] = await services.platform.unscoped
        .selectFrom("image_allow_lists")
        .select("project_id")
        .where("deleted_at", "is", null)
        .execute();
      services.queries();
      expect(await services.images.allowed(list?.project_id ?? "")).not.toEqual([]);
      expect(services.queries()).toHaveLength(1);
    }
    const [few = [], many = []] = rows;
    expect(Math.min(...few)).toBeGreaterThan(0);
    for (const [n, count] of many.entries()) expect(count).toBeGreaterThan(few[n] ?? 0);
  });

  test("pagination has a limit of 20 unless told otherwise, and of 100 at most", async () => {
    const { users, projects, forms, images, groups, audit } = await stage(130);
    const lengths = async (limit?: number) => [
      (await users.list({ limit })).length,
      (await forms.list({}, { limit })).length,
      (await images.listRequests({}, { limit })).length,
      (await audit.list({}, { limit })).length,
    ];
    expect(await lengths()).toEqual([20, 20, 20, 20]);
    expect(await lengths(7)).toEqual([7, 7, 7, 7]);
    expect(await lengths(101)).toEqual([100, 100, 100, 100]);
    expect(await lengths(0)).toEqual([1, 1, 1, 1]);
    expect((await projects.list()).length).toBe(20);
    expect((await groups.list()).length).toBe(14);
  });

  test("a page goes on after the last row of the one before, without gap or double", async () => {
    const services = await stage(60);
    const { users, groups, projects, forms, images, audit, platform } = services;
    const { unscoped } = platform;
    const walked = async <T>(list: (after?: string) => Promise<T[]>, key: (row: T) => string) => {
      const all: string[] = [];
      for (let page = await list(); page.length > 0; page = await list(all.at(-1)))
        all.push(...page.map(key));
      return all;
    };
    const sorted = (ids: readonly unknown[]) => ids.map(String).toSorted();
    const live = async (table: "projects" | "forms" | "image_requests", key: string) =>
      sorted(
        (
          await unscoped
            .selectFrom(table)
            .select(key as "deleted_at")
            .where("deleted_at", "is", null)
            .execute()
        ).flatMap((row) => Object.values(row)),
      );
    const uids = await walked(
      (after) => users.list({ after }),
      (user) => user.uid,
    );
    expect(sorted(uids)).toEqual(
      sorted((await unscoped.selectFrom("users").select("uid").execute()).map(({ uid }) => uid)),
    );
    const gids = await walked(
      (after) => groups.list({ after, limit: 3 }),
      (group) => group.gid,
    );
    expect(gids).toHaveLength(7);
    const pids = await walked(
      (after) => projects.list({}, { after, limit: 3 }),
      (project) => project.pid,
    );
    expect(sorted(pids)).toEqual(await live("projects", "pid"));
    const ids = await walked(
      (after) => forms.list({}, { after }),
      (form) => form.id,
    );
    expect(sorted(ids)).toEqual(await live("forms", "id"));
    const found = await walked(
      (after) => forms.search("request", { after }),
      (form) => form.id,
    );
    expect(found).toEqual(ids);
    const requests = await walked(
      (after) => images.listRequests({}, { after }),
      (request) => request.id,
    );
    expect(sorted(requests)).toEqual(await live("image_requests", "id"));
    const repositories = await walked(
      (after) => images.listRepositories({ after, limit: 3 }),
      (repository) => repository.id,
    );
    expect(new Set(repositories).size).toBe(13);

    const entries = await walked(
      (after) => audit.list({}, { after, limit: 100 }),
      ({ id }) => String(id),
    );
    expect(entries.map(Number)).toEqual(Array.from({ length: 600 }, (_, n) => 600 - n));
    // Times that many entries share do not lead to a gap.
    await unscoped
      .updateTable("audit_logs")
      .set({ created_at: new Date("2026-01-01T00:00:00Z") })
      .where("id", "<=", 300)
      .execute();
    const since = await walked(
      (after) => audit.since(new Date("2026-01-01T00:00:00Z"), { after, limit: 70 }),
      ({ id }) => String(id),
    );
    expect(since.slice(-300).map(Number)).toEqual(Array.from({ length: 300 }, (_, n) => 300 - n));
    expect(new Set(since).size).toBe(since.length);
    expect(await refusal(audit.list({}, { after: "no number" }))).toBe("invalid");
  });
});
