import type { Pool } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Config, OnDeleteError, open, type Plan } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import type { TestDatabase } from "../support/databases.ts";
import { dump, type Reader } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import type { Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const rowsOf = async (db: Reader, table: string): Promise<readonly string[]> =>
  (await db.rows(`select * from ${table} order by 1`)).map((row) =>
    Object.values(row)
      .map((value) => value ?? "∅")
      .join("|"),
  );

/** ondelete on a connection of its own whose search_path is another. */
async function openUnder(db: TestDatabase, searchPath: string) {
  const url = new URL(db.url);
  url.searchParams.set("options", `-c search_path=${searchPath}`);
  const ondelete = await open(url.href);
  onTestFinished(() => ondelete.close());
  return ondelete;
}

/** Waits until a statement of this database is in that state, for example in pg_sleep or behind a lock. */
async function until(db: Reader, event: "PgSleep" | "Lock"): Promise<void> {
  const query = `select 1 from pg_stat_activity where datname = current_database() and '${event}' in (wait_event, wait_event_type)`;
  for (let tries = 0; tries < 200; tries++) {
    if ((await db.rows(query)).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect.unreachable(`no statement came to wait on ${event}`);
}

const TWO_NAMESPACES = made(
  `create schema s; ${["public", "s"]
    .map(
      (n) => `create table ${n}.t (id integer primary key, v text);
        create table ${n}.c (id integer primary key, t integer references ${n}.t on delete cascade);
        create table ${n}.n (id integer primary key, t integer references ${n}.t on delete set null);
        insert into ${n}.t values (1, '${n}'); insert into ${n}.c values (1, 1); insert into ${n}.n values (1, 1);`,
    )
    .join("\n")}`,
);

const MEANWHILE = [
  {
    title: "given another reference",
    sql: "update c set p = 7 where id = 10",
    conflict: "edited",
    left: ["10|7"],
  },
  { title: "deleted", sql: "delete from c where id = 10", conflict: "row-gone", left: [] },
];

const PARTITIONED = made(`create table g (id integer primary key);
  create table m (id integer primary key, g integer references g on delete cascade) partition by range (id);
  create table m1 partition of m for values from (0) to (100);
  create table m2 partition of m for values from (100) to (200);
  insert into g values (1), (2); insert into m values (1, 1), (150, 2);`);

/** What is protected, the target, and whether a protected row would go. */
const PROTECTED = [
  { table: "m1", target: key("m1", "1"), blocker: "m1" },
  { table: "m1", target: key("m", "1"), blocker: "m1" },
  { table: "m1", target: key("g", "1"), blocker: "m1" },
  { table: "m1", target: key("m", "150"), blocker: null },
  { table: "m1", target: key("g", "2"), blocker: null },
  { table: "m", target: key("m2", "150"), blocker: "m" },
];

describe("what only PostgreSQL has and was wrong once", () => {
  eachVariant(
    (variant, fresh) => {
      test.for(["t's namesake exists there too", "t is not there any more"])(
        "a restore under another search_path goes to the original tables: %s",
        async (title) => {
          const { db, ondelete } = await prepare(variant, fresh, TWO_NAMESPACES);
          const operation = await done(ondelete, key("t", "1"));
          await db.exec(title.includes("not") ? "drop table s.t cascade" : "delete from s.t");
          const other = await openUnder(db, "s");
          expect((await other.restore(operation)).state).toBe("done");
          expect(await rowsOf(db, "public.t")).toEqual(["1|public"]);
          expect([await rowsOf(db, "public.c"), await rowsOf(db, "public.n")]).toEqual([["1|1"], ["1|1"]]);
          if (!title.includes("not")) expect(await rowsOf(db, "s.t")).toEqual([]);
        },
      );

      test("a plan is refused under another search_path", async () => {
        const { db, ondelete } = await prepare(variant, fresh, TWO_NAMESPACES);
        const other = await openUnder(db, "s");
        const plans = [
          [await ondelete.plan(key("t", "1")), other],
          [await other.plan(key("t", "1")), ondelete],
        ] as const;
        for (const [plan, elsewhere] of plans) {
          const carried = JSON.parse(JSON.stringify(plan)) as Plan;
          const error = await failure(elsewhere.delete(carried));
          expect([error.code, error.exitCode]).toEqual(["plan-changed", 5]);
        }
        expect([await rowsOf(db, "public.t"), await rowsOf(db, "s.t")]).toEqual([["1|public"], ["1|s"]]);
      });

      test.for(MEANWHILE)("a restore waits for a nulled row that is being $title", async (meanwhile) => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer references p on delete set null);
            insert into p values (1), (7); insert into c values (10, 1);`),
        );
        const operation = await done(ondelete, key("p", "1"));
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run(meanwhile.sql);
        const restoring = ondelete.restore(operation).then((r) => r);
        await until(db, "Lock");
        await other.run("commit");
        const { state, conflicts } = await restoring;
        expect([state, conflicts.map((c) => [c.kind, c.table, c.rows])]).toEqual([
          "blocked",
          [[meanwhile.conflict, "c", 1]],
        ]);
        expect(await dump(db, variant)).toEqual({ p: ["7"], c: meanwhile.left });
      });

      test("a dot in a name and a namespace do not make the same id", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create schema a; create table a.b (id integer primary key); create table "a.b" (id integer primary key);
            create table c (id integer primary key, x integer references a.b on delete cascade, y integer references "a.b" on delete cascade);
            insert into a.b values (1), (2); insert into "a.b" values (1), (2); insert into c values (5, 1, null), (6, null, 1);`),
        );
        const { tables, relations } = await ondelete.inspect();
        const ids = tables.map((t) => t.id);
        expect(new Set(ids).size).toBe(3);
        expect(new Set(relations.map((r) => r.id)).size).toBe(2);
        const idOf = (namespace: string) =>
          tables.find((t) => t.namespace === namespace && t.name !== "c")?.id ?? "";
        const operation = await done(ondelete, key(idOf("a"), "1"));
        const after = [["2"], ["1", "2"], ["6|∅|1"]];
        expect([await rowsOf(db, "a.b"), await rowsOf(db, '"a.b"'), await rowsOf(db, "c")]).toEqual(after);
        await ondelete.restore(operation);
        await done(ondelete, key(idOf("public"), "1"));
        const other = [["1", "2"], ["2"], ["5|1|∅"]];
        expect([await rowsOf(db, "a.b"), await rowsOf(db, '"a.b"'), await rowsOf(db, "c")]).toEqual(other);
      });

      test("a late child of a configured relation is no orphan", async () => {
        const config: Config = {
          relations: [
            { child: "c", columns: ["p"], parent: "p", parentColumns: ["id"], onDelete: "cascade" },
          ],
        };
        const schema =
          made(`create table p (id integer primary key); create table c (id integer primary key, p integer);
          create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return old; end';
          create trigger slow before delete on p for each row execute function slow();
          insert into p values (1); insert into c values (1, 1);`);
        const { db, ondelete } = await prepare(variant, fresh, schema, config);
        const deleting = ondelete.delete(key("p", "1")).then(
          ({ state }) => state,
          (error: unknown) => error,
        );
        await until(db, "PgSleep");
        await db.exec("insert into c values (2, 1)");
        const ended = await deleting;
        if (ended instanceof OnDeleteError) {
          expect(ended.code).toBe("plan-changed");
          expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1", "2|1"] });
        } else {
          expect(ended).toBe("done");
          expect(await dump(db, variant)).toEqual({ p: [], c: [] });
        }
      });

      test("a restore without triggers beside deferred constraints", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key); create table log (c integer);
            create table c (id integer primary key, p integer references p on delete cascade deferrable initially deferred);
            insert into p values (1); insert into c values (1, 1);
            create function note() returns trigger language plpgsql as 'begin insert into log values (new.id); return new; end';
            create trigger note before insert on c for each row execute function note();`),
        );
        const operation = await done(ondelete, key("p", "1"));
        expect((await ondelete.restore(operation, { withoutTriggers: true })).state).toBe("done");
        expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1"], log: [] });
        await db.exec("insert into c values (2, 1)");
        expect(await rowsOf(db, "log")).toEqual(["2"]);
      });

      test("two deletes with the same children at the same time: each row goes once, and comes back", async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key);
            create table c (id integer primary key, a integer references p on delete cascade, b integer references p on delete cascade);
            create index c_a on c (a); create index c_b on c (b); insert into p values (1), (2);
            insert into c select g, 1 + g % 2, 2 - g % 2 from generate_series(1, 1500) g;`),
        );
        const second = await open(db.handle as Pool);
        await ondelete.delete(where("p", "false"));
        const before = await dump(db, variant);
        for (let round = 0; round < 8; round++) {
          const outcomes = await Promise.all([ondelete.delete(key("p", "1")), second.delete(key("p", "2"))]);
          expect(outcomes.map((o) => [o.state, o.deleted.p])).toEqual([
            ["done", 1],
            ["done", 1],
          ]);
          expect(outcomes.reduce((sum, o) => sum + (o.deleted.c ?? 0), 0)).toBe(1500);
          expect(await dump(db, variant)).toEqual({ p: [], c: [] });
          // The one that took the children needs the parent that the other one took.
          const inTurn = outcomes.sort((a, b) => (a.deleted.c ?? 0) - (b.deleted.c ?? 0));
          for (const { operation } of inTurn) {
            expect((await ondelete.restore(operation ?? "")).state).toBe("done");
          }
          expect(await dump(db, variant)).toEqual(before);
        }
      });

      test.for(PROTECTED)(
        "$table is protected, $target.table is the target",
        async ({ table, target, blocker }) => {
          const config: Config = { tables: { [table]: { protected: true } } };
          const { db, ondelete } = await prepare(variant, fresh, PARTITIONED, config);
          const before = await dump(db, variant);
          const plan = await ondelete.plan(target);
          const expected = blocker === null ? [] : [["protected", blocker, 1]];
          expect(plan.blockers.map((b) => [b.reason, b.table, b.rows])).toEqual(expected);
          expect((await ondelete.delete(target)).state).toBe(blocker === null ? "done" : "blocked");
          if (blocker !== null) expect(await dump(db, variant)).toEqual(before);
        },
      );

      test("a text reference to a uuid", async () => {
        const uuid = "00000000-0000-0000-0000-000000000001";
        const config: Config = {
          relations: [
            { child: "c", columns: ["p"], parent: "p", parentColumns: ["id"], onDelete: "cascade" },
          ],
        };
        const schema =
          made(`create table p (id uuid primary key); create table c (id integer primary key, p text);
          insert into p values ('${uuid}'); insert into c values (1, '${uuid}'), (2, 'junk'), (3, null);`);
        const { db, ondelete } = await prepare(variant, fresh, schema, config);
        const operation = await done(ondelete, key("p", uuid));
        expect(await dump(db, variant)).toEqual({ p: [], c: ["2|junk", "3|∅"] });
        await ondelete.restore(operation);
        expect(await dump(db, variant)).toEqual({ p: [uuid], c: [`1|${uuid}`, "2|junk", "3|∅"] });
      });
    },
    { engines: ["postgres"], because: "it needs several sessions, or has no such feature" },
  );
});
