import { describe, expect, onTestFinished, test } from "vitest";
import { type Config, open, type Plan } from "../../src/index.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump, type Reader } from "../support/rows.ts";
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

/** Another search path is that of another session. */
const oneSession = (variant: Variant) => variant.engine === "pglite";

describe("what only PostgreSQL has and was wrong once", () => {
  eachVariant(
    (variant, fresh) => {
      test.skipIf(oneSession(variant)).for(["t's namesake exists there too", "t is not there any more"])(
        "a restore under another search_path goes to the original tables: %s (a second session: capability concurrentSessions)",
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

      test.skipIf(oneSession(variant))(
        "a plan is refused under another search_path (a second session: capability concurrentSessions)",
        async () => {
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
        },
      );

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

      test.for(PROTECTED)(
        "$table is protected, $target.table is the target",
        async ({ table, target, blocker }) => {
          const config: Config = { tables: { [table]: { protected: true } } };
          const { db, ondelete } = await prepare(variant, fresh, PARTITIONED, config);
          const before = await dump(db, variant);
          const plan = await ondelete.plan(target);
          const expected = blocker === null ? [] : [["protected", blocker, 1]];
          expect(plan.blockers.map((b) => [b.reason, b.relation, b.rows])).toEqual(expected);
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
    { engines: ["postgres", "pglite"], because: "it has no such feature" },
  );
});
