import { expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { lines, reasons } from "./tell.ts";

/** Users own posts, posts have comments, drafts and likes; tags come from the application; every action is there. */
const BLOG = [
  "create table users (id integer primary key, email varchar(80) not null unique)",
  "create table posts (id integer primary key, user_id integer not null, constraint fk_posts foreign key (user_id) references users (id) on delete cascade)",
  "create table comments (id integer primary key, post_id integer not null, author_id integer, constraint fk_c1 foreign key (post_id) references posts (id) on delete cascade, constraint fk_c2 foreign key (author_id) references users (id) on delete set null)",
  "create table invoices (id integer primary key, user_id integer not null, constraint fk_i foreign key (user_id) references users (id) on delete restrict)",
  "create table pins (id integer primary key, post_id integer, constraint fk_p foreign key (post_id) references posts (id))",
  "create table tags (id integer primary key, post_id integer not null)",
  "create table rows_kept (id integer primary key, body varchar(20))",
  "insert into users values (1, 'ann@example.org')",
  "insert into posts values (1, 1)",
  "insert into comments values (1, 1, 1)",
];

const TAGS: Config = {
  relations: [
    { child: "tags", columns: ["post_id"], parent: "posts", parentColumns: ["id"], onDelete: "cascade" },
  ],
};

eachVariant((variant, fresh) => {
  test("what is told meanwhile is how many experiments are done, and nothing of the deletes among them", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const work = (await open(db.handle)).verify();
    const phases = new Set<string>();
    for await (const { phase } of work) phases.add(phase);
    expect([...phases]).toEqual(["proving"]);
    await work;
  });

  test("every relation and every cell below it is proven, natively and through ondelete", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const made = await (await open(db.handle, TAGS)).verify();
    expect(lines(made, "contradicted")).toEqual([]);
    expect(reasons(made)).toEqual([]);
    expect(lines(made, "proven")).toEqual([
      "native posts ← comments(post_id): deleted",
      "ondelete posts ← comments(post_id): deleted",
      "native posts ← pins(post_id): blocks",
      "ondelete posts ← pins(post_id): blocks",
      "native posts ← tags(post_id): kept",
      "ondelete posts ← tags(post_id): deleted",
      "native users ← comments(author_id): set null",
      "ondelete users ← comments(author_id): set null",
      "native users ← comments(author_id), too: deleted",
      "ondelete users ← comments(author_id), too: deleted",
      "native users ← posts(user_id) ← comments(post_id): deleted",
      "ondelete users ← posts(user_id) ← comments(post_id): deleted",
      "native users ← invoices(user_id): blocks",
      "ondelete users ← invoices(user_id): blocks",
      "native users ← posts(user_id) ← pins(post_id): blocks",
      "ondelete users ← posts(user_id) ← pins(post_id): blocks",
      "native users ← posts(user_id): deleted",
      "ondelete users ← posts(user_id): deleted",
      "ondelete users ← posts(user_id) ← tags(post_id): deleted",
    ]);
    expect(made.summary).toEqual({ proven: 19, contradicted: 0, unprovable: 0 });
    expect(made).toMatchObject({ ondelete: "1", kind: "verification", on: "tables" });
  });

  test("nothing of it stays: rows, tables and what counts by itself are as before", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const state = async () => [
      await db.rows("select * from users"),
      await db.rows("select * from posts"),
      await db.rows("select * from comments"),
      await db.rows("select * from tags"),
      (await (await open(db.handle)).inspect()).tables.map((t) => t.id),
    ];
    const before = await state();
    const ondelete = await open(db.handle, TAGS);
    await ondelete.verify();
    await ondelete.verify({ scratch: true });
    expect(await state()).toEqual(before);
    expect((await ondelete.status()).operations).toEqual([]);
    if (variant.engine === "mariadb")
      expect(
        await db.rows(
          "select table_name from information_schema.tables where table_schema = database() and table_name like 'ondelete%'",
        ),
      ).toEqual([]);
  });

  test("a scratch copy proves the same as the tables", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const ondelete = await open(db.handle, TAGS);
    const [on, copied] = [await ondelete.verify(), await ondelete.verify({ scratch: true })];
    expect(copied.on).toBe("scratch");
    expect(copied.cells).toEqual(on.cells);
  });

  test("in a caller's transaction nothing is committed, and what was written in it is still there", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const session = await openSession(db, variant);
    await session.run("begin");
    await session.run("insert into users values (2, 'bob@example.org')");
    const made = await (await open(session.handle)).verify({ relations: ["pins(post_id) -> posts(id)"] });
    expect(lines(made, "proven")).toContain("native posts ← pins(post_id): blocks");
    expect(await session.rows("select id from users order by id")).toEqual([{ id: "1" }, { id: "2" }]);
    await session.run("rollback");
    await session.end();
    expect(await db.rows("select id from users")).toEqual([{ id: "1" }]);
  });

  test("of named relations only their cells are proven, and natively alone where that is asked", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const ondelete = await open(db.handle);
    const made = await ondelete.verify({ relations: ["pins(post_id) -> posts(id)"], native: true });
    expect(made.cells.map((c) => [c.parent, c.path, c.observed])).toEqual([
      ["posts", "native", "blocks"],
      ["users", "native", "blocks"],
    ]);
  });

  test("an unknown relation is refused with the nearest name", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const ondelete = await open(db.handle);
    await expect(ondelete.verify({ relations: ["pin(post_id) -> posts(id)"] })).rejects.toMatchObject({
      code: "unknown-relation",
      message: expect.stringContaining('"pins(post_id) -> posts(id)"'),
    });
  });

  test("a protected table blocks ondelete and not the engine, and both are proven", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const made = await (await open(db.handle, { tables: { posts: { protected: true } } })).verify({
      relations: ["comments(post_id) -> posts(id)"],
    });
    expect(lines(made, "proven")).toEqual([
      "native posts ← comments(post_id): deleted",
      "ondelete posts ← comments(post_id): blocks",
      "native users ← posts(user_id) ← comments(post_id): deleted",
      "ondelete users ← posts(user_id) ← comments(post_id): blocks",
    ]);
    expect(made.summary.proven).toBe(4);
  });

  test("a certificate compares with an earlier one", async () => {
    const db = await fresh();
    await db.exec(BLOG);
    const first = await (await open(db.handle)).verify({ relations: ["pins(post_id) -> posts(id)"] });
    const same = await (await open(db.handle)).verify({
      relations: ["pins(post_id) -> posts(id)"],
      against: JSON.parse(JSON.stringify(first)),
    });
    expect(same.against).toMatchObject({ sameEngine: true, sameSchema: true, settings: [], changed: [] });
    await db.exec("create table more (id integer primary key)");
    const later = await (await open(db.handle)).verify({ native: true, against: first });
    expect(later.against?.sameSchema).toBe(false);
    expect(later.against?.changed).toContainEqual({
      cell: "posts → pins(post_id) -> posts(id), ondelete",
      before: "proven",
      now: null,
    });
  });
});
