import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { ADA, BEN, CEM, fillSmall } from "./small-data.ts";
import { ADMIN, eachServer, refusal, type Stage } from "./stage.ts";

const FORM = { project_id: "vision", title: "more memory" } as const;
const ROUNDS = 20;

const LIVE_BELOW_HIDDEN = `select f.id from forms f join projects p on p.pid = f.project_id
  where f.deleted_at is null and p.deleted_at is not null
  union all select a.id from image_allow_lists a join projects p on p.pid = a.project_id
  where a.deleted_at is null and p.deleted_at is not null`;

/** Whether a session comes to wait for a lock of another. */
async function someoneWaits({ db, platform }: Stage): Promise<boolean> {
  const waiting =
    platform.engine === "mariadb"
      ? "select 1 from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id where t.trx_state = 'LOCK WAIT' and p.db = database()"
      : "select 1 from pg_locks where not granted and pid in (select pid from pg_stat_activity where datname = current_database())";
  for (let look = 0; look < 60; look += 1) {
    if ((await db.rows(waiting)).length > 0) return true;
    await setTimeout(150); // MariaDB does not look anew within 100 ms
  }
  return false;
}

eachServer((stage) => {
  const staged = async () => {
    const small = await stage();
    await fillSmall(small);
    return small;
  };

  test("of two reviewers at once one wins, and the other is told that the request was reviewed", async () => {
    const { images, audit } = await staged();
    const tags = Array.from({ length: ROUNDS }, (_, n) => `2.${n}`);
    const ids = await images.request(
      tags.map((tag) => ({ project_id: "vision", image: "redis", tag })),
      CEM,
    );
    for (const id of ids) {
      const ends = await Promise.all([
        refusal(images.approve(id, ADA)),
        refusal(images.reject(id, BEN, "no")),
      ]);
      expect(ends.toSorted()).toEqual(["done", "reviewed"]);
      const reviews = (await audit.list({ resource_id: id })).filter(({ action }) => action !== "create");
      expect(reviews).toHaveLength(1);
    }
  });

  test("a reviewer waits for the other, and is refused then", async () => {
    const small = await staged();
    const { images, platform } = small;
    const reviewing = await platform.transaction(async ({ unscoped }) => {
      await unscoped
        .updateTable("image_requests")
        .set({ status: "approved" })
        .where("id", "=", "q3")
        .execute();
      const end = refusal(images.approve("q3", BEN));
      expect(await someoneWaits(small)).toBe(true);
      return { end };
    });
    expect(await reviewing.end).toBe("reviewed");
  });

  test("two approvals of one new image at once, in two projects: both are done, repository and tag are made once", async () => {
    const { images, db } = await staged();
    for (let round = 0; round < ROUNDS; round += 1) {
      const image = `registry.example.org/image-${round}`;
      const requests = ["vision", "till"].map((project_id) => ({ project_id, image, tag: "1.0" }));
      const ids = await images.request(requests, CEM);
      const ends = await Promise.all(ids.map((id, n) => refusal(images.approve(id, n === 0 ? ADA : BEN))));
      expect(ends).toEqual(["done", "done"]);
    }
    const [made] = await db.rows(
      `select (select count(*) from container_repositories where name like 'image-%') as repositories,
        (select count(*) from container_tags where name = '1.0') as tags,
        (select count(*) from cluster_image_statuses s join container_tags t on t.id = s.tag_id where t.name = '1.0') as statuses,
        (select count(*) from image_allow_lists a join container_tags t on t.id = a.tag_id where t.name = '1.0') as lists`,
    );
    expect(made).toEqual({ repositories: "20", tags: "20", statuses: "20", lists: "40" });
  });

  test("the same hidden, deleted or restored twice at once is so once, and the other is refused", async () => {
    const { projects } = await staged();
    const both = async (work: () => Promise<unknown>) =>
      (await Promise.all([refusal(work()), refusal(work())])).toSorted();
    for (let round = 0; round < ROUNDS; round += 1) {
      let operation = "";
      const ends = await both(async () => {
        const removal = round % 2 === 0 ? projects.hide("vision", ADMIN) : projects.destroy("vision", ADMIN);
        operation = (await removal).operation;
      });
      expect(ends).toEqual(["done", "not-found"]);
      expect(await both(() => projects.restore("vision", operation, ADMIN))).toEqual(["conflict", "done"]);
    }
  });

  test("a form that is created while its project is being hidden waits, and is refused then", async () => {
    const small = await staged();
    const { forms, platform, db } = small;
    const creating = await platform.transaction(async (session) => {
      await (await session.softly()).softDelete("projects", { pid: "vision" });
      const end = refusal(forms.create(FORM, ADA));
      expect(await someoneWaits(small)).toBe(true);
      return { end };
    });
    expect(await creating.end).toBe("not-found");
    expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
  });

  test("hiding a project waits for a form that is being created, and hides it along", async () => {
    const small = await staged();
    const { projects, platform, db } = small;
    const hiding = await platform.transaction(async ({ unscoped }) => {
      await unscoped
        .insertInto("forms")
        .values({ ...FORM, id: "new", user_id: "ada" })
        .execute();
      const end = projects.hide("vision", ADMIN);
      expect(await someoneWaits(small)).toBe(true);
      return { end };
    });
    expect((await hiding.end).rows).toMatchObject({ projects: 1, forms: 3 });
    expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
  });

  test("a project is hidden while forms are created, messages added and requests approved below it: nothing is left live, nobody waits for ever", async () => {
    const { projects, forms, images, db } = await staged();
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = { project_id: "vision", image: "redis", tag: `3.${round}` };
      const [id = ""] = await images.request([request], CEM);
      const [hidden, ...others] = await Promise.all([
        projects.hide("vision", ADMIN),
        refusal(forms.create(FORM, ADA)),
        refusal(forms.addMessages("f1", ["one"], BEN)),
        refusal(images.approve(id, ADA)),
      ]);
      for (const end of others) expect(["done", "not-found"]).toContain(end);
      expect(await db.rows(LIVE_BELOW_HIDDEN)).toEqual([]);
      await projects.restore("vision", hidden.operation, ADMIN);
    }
  });

  test("a user is deleted while they write, review and set a status: all of it is there before, or none of it", async () => {
    const { users, forms, images, db } = await staged();
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = { project_id: "vision", image: "redis", tag: `4.${round}` };
      const [id = ""] = await images.request([request], ADA);
      const [{ operation }, ...others] = await Promise.all([
        users.destroy("ada", ADMIN),
        refusal(forms.create(FORM, ADA)),
        refusal(forms.addMessages("f1", ["one", "two"], ADA)),
        refusal(images.approve(id, ADA)),
        refusal(forms.setStatus(["f1", "f2"], "processing", ADA)),
      ]);
      for (const end of others) expect(["done", "not-found"]).toContain(end);
      expect(await db.rows("select id from form_messages where user_id = 'ada'")).toEqual([]);
      await users.restore("ada", operation, ADMIN);
    }
  });

  test("of two who wait for each other one is done, and the other is told to try again", async () => {
    const { platform, db } = await staged();
    const locked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const ends = await Promise.all(
      [0, 1].map((n) =>
        refusal(
          platform.transaction(async ({ unscoped }) => {
            for (const uid of n === 0 ? ["ada", "ben"] : ["ben", "ada"]) {
              const full_name = `written by ${n}`;
              await unscoped.updateTable("users").set({ full_name }).where("uid", "=", uid).execute();
              locked[n]?.resolve();
              await locked[1 - n]?.promise;
            }
          }),
        ),
      ),
    );
    expect(ends.toSorted()).toEqual(["busy", "done"]);
    const [{ names } = {}] = await db.rows(
      "select count(distinct full_name) as names from users where full_name is not null",
    );
    expect(names).toBe("1");
  });
});
