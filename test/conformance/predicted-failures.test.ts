import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { failure, key, prepare, where } from "../support/act.ts";
import { blockers, made, P, planned, refuses } from "../support/predicted.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";

describe("what PostgreSQL 18 has", () => {
  eachVariant(
    (variant, fresh) => {
      const PERIODS = made(
        "create table p (id int4range, at daterange, primary key (id, at without overlaps))",
        "create table c (n integer primary key, id int4range, at daterange, foreign key (id, period at) references p (id, period at))",
        "insert into p values ('[1,2)', '[2020-01-01,2021-01-01)'), ('[1,2)', '[2021-01-01,2022-01-01)'), ('[1,2)', '[2022-01-01,2023-01-01)')",
        "insert into c values (1, '[1,2)', '[2020-03-01,2021-03-01)'), (2, '[1,2)', '[2021-05-01,2021-06-01)')",
      );

      test("a PERIOD key holds the rows back whose range it would leave uncovered", async () => {
        const { db, ondelete } = await prepare(variant, fresh, PERIODS);
        const first = await ondelete.plan(where("p", "at @> date '2021-02-01'"));
        expect(blockers(first)).toEqual(["c(id,at) -> p(id,at) no-action 2"]);
        expect([first.nativeVerdict, first.blockers[0]?.sample]).toEqual([
          "refused",
          [{ n: "1" }, { n: "2" }],
        ]);
        expect((await ondelete.delete(first)).state).toBe("blocked");
        await refuses(db, "delete from p where at @> date '2021-02-01'");
        const both = await ondelete.plan(where("p", "lower(at) < date '2022-01-01'"));
        expect(blockers(both)).toEqual(["c(id,at) -> p(id,at) no-action 2"]);
        const last = await ondelete.plan(where("p", "at @> date '2022-02-01'"));
        expect([last.verdict, last.nativeVerdict]).toEqual(["allowed", "applies"]);
        const before = await dump(db, variant);
        const { state, operation } = await ondelete.delete(last);
        expect(state).toBe("done");
        expect((await ondelete.restore(operation ?? "")).state).toBe("done");
        expect(await dump(db, variant)).toEqual(before);
      });

      test("a row that overlaps an archived one keeps it from coming back", async () => {
        const { db, ondelete } = await prepare(variant, fresh, PERIODS);
        const { operation } = await ondelete.delete(where("p", "at @> date '2022-02-01'"));
        await db.exec("insert into p values ('[1,2)', '[2022-12-01,2023-02-01)')");
        const restored = await ondelete.restore(operation ?? "");
        expect(restored.state).toBe("blocked");
        expect(restored.conflicts.map((c) => [c.kind, c.object, c.rows])).toEqual([
          ["unique-taken", "p_pkey", 1],
        ]);
      });

      test("NOT NULL that is NOT VALID refuses the update of a row that violates it", async () => {
        const sql = [
          P,
          "create table c (id integer primary key, p integer references p on delete set null, n integer)",
          "insert into p values (1), (2)",
          "insert into c values (1, 1, null), (2, 1, 1), (3, 2, 1)",
          "alter table c add constraint required not null n not valid",
        ];
        expect(blockers(await planned(variant, fresh, made(...sql)))).toEqual(["c(p) -> p(id) check 1"]);
        expect((await planned(variant, fresh, made(...sql), "2")).verdict).toBe("allowed");
      });

      test("a CHECK that is not enforced refuses nothing", async () => {
        const plan = await planned(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references p on delete set null check (p is not null) not enforced)",
            "insert into p values (1)",
            "insert into c values (1, 1)",
          ),
        );
        expect([plan.verdict, plan.nativeVerdict]).toEqual(["allowed", "applies"]);
      });

      test("a CHECK on a virtual column looks at its new value", async () => {
        const plan = await planned(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references p on delete set null, v integer generated always as (coalesce(p, -1)) virtual check (v > 0))",
            "insert into p values (1)",
            "insert into c (id, p) values (1, 1)",
          ),
        );
        expect(blockers(plan)).toEqual(["c(p) -> p(id) check 1"]);
      });
    },
    { engines: ["pglite"], because: "it takes PostgreSQL 18, which PGlite is" },
  );
});

describe("defaults whose value is not known before", () => {
  eachVariant(
    (variant, fresh) => {
      const DEFAULTS =
        variant.engine === "sqlite"
          ? ["(random())", "current_timestamp", "(strftime('%s', 'now'))", "(date('now'))"]
          : ["nextval('s')", "(random() * 9)::integer", "extract(epoch from now())::integer"];

      test.for(DEFAULTS)("%s is refused in words, and only where a row would get it", async (expression) => {
        const sequence = variant.engine === "sqlite" ? [] : ["create sequence s"];
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(
            ...sequence,
            P,
            `create table c (id integer primary key, p integer default ${expression} references p on delete set default)`,
            "insert into p values (1), (2)",
            "insert into c values (1, 1)",
          ),
        );
        const before = await dump(db, variant);
        for (const verb of [ondelete.plan, ondelete.delete]) {
          const error = await failure(verb(key("p", "1")));
          expect([error.code, error.details]).toEqual([
            "unsupported",
            { relation: "c(p) -> p(id)", table: "c", column: "p" },
          ]);
        }
        expect(await dump(db, variant)).toEqual(before);
        expect((await ondelete.delete(key("p", "2"))).state).toBe("done");
        const other = await open(db.handle, {
          relations: [
            { child: "c", columns: ["p"], parent: "p", parentColumns: ["id"], onDelete: "set null" },
          ],
        });
        expect((await other.plan(key("p", "1"))).verdict).toBe("allowed");
        expect((await other.delete(key("p", "1"))).updated).toEqual({ c: 1 });
      });

      test("words of these in a text or a cast are no such default", async () => {
        const text = variant.engine === "sqlite" ? "'random()'" : "'now()'::text";
        const plan = await planned(
          variant,
          fresh,
          made(
            "create table p (id text primary key)",
            `create table c (id integer primary key, p text default ${text} references p on delete set default)`,
            "insert into p values ('1'), ('random()'), ('now()')",
            "insert into c values (1, '1')",
          ),
        );
        expect([plan.verdict, plan.updates.map((u) => u.set)]).toEqual(["allowed", ["default"]]);
      });
    },
    { engines: ["sqlite", "pglite", "postgres"], because: "MariaDB stores SET DEFAULT as RESTRICT" },
  );
});

describe("indexes at a restore", () => {
  eachVariant((variant, fresh) => {
    test("a value is taken that is unique in descending order", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        made(
          P,
          "create table c (id integer primary key, p integer, t varchar(9), foreign key (p) references p (id) on delete cascade)",
          "create unique index one on c (t desc, id)",
          "create unique index two on c (t desc)",
          "insert into p values (1)",
          "insert into c values (1, 1, 'a')",
        ),
      );
      const { operation } = await ondelete.delete(key("p", "1"));
      await db.exec("insert into c values (2, null, 'a')");
      const restored = await ondelete.restore(operation ?? "");
      expect(restored.conflicts.map((c) => [c.kind, c.object, c.rows, c.sample])).toEqual([
        ["unique-taken", "two", 1, [{ id: "1" }]],
      ]);
      await db.exec("delete from c");
      expect((await ondelete.restore(operation ?? "")).state).toBe("done");
      expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1|a"] });
    });

    test.skipIf(variant.engine === "sqlite")(
      "a CHECK that was made since, and that archived rows violate, keeps them from coming back",
      async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer, n integer, foreign key (p) references p (id) on delete cascade)",
            "insert into p values (1)",
            "insert into c values (1, 1, -1), (2, 1, 1)",
          ),
        );
        const { operation } = await ondelete.delete(key("p", "1"));
        await db.exec("alter table c add constraint above check (n > 0)");
        const restored = await (await open(db.handle)).restore(operation ?? "");
        expect(restored.state).toBe("blocked");
        expect(restored.conflicts.map((c) => [c.kind, c.object, c.rows, c.sample])).toEqual([
          ["schema-changed", "above", 1, [{ id: "1" }]],
        ]);
        expect(await dump(db, variant)).toEqual({ p: [], c: [] });
        await db.exec(
          "alter table c drop constraint above; alter table c add more integer check (more > 0); create unique index one on c (n, more)",
        );
        expect((await ondelete.restore(operation ?? "")).state).toBe("done");
        expect(await dump(db, variant)).toEqual({ p: ["1"], c: ["1|1|-1|∅", "2|1|1|∅"] });
      },
    );

    test.skipIf(variant.engine === "sqlite" || variant.engine === "mariadb")(
      "a range is taken that an exclusion constraint keeps apart",
      async () => {
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(
            P,
            "create table c (id integer primary key, p integer references p on delete cascade, r int4range, constraint apart exclude using gist (r with &&))",
            "insert into p values (1)",
            "insert into c values (1, 1, '[1,5)')",
          ),
        );
        const { operation } = await ondelete.delete(key("p", "1"));
        await db.exec("insert into c values (2, null, '[4,9)')");
        const restored = await ondelete.restore(operation ?? "");
        expect(restored.conflicts.map((c) => [c.kind, c.object, c.rows])).toEqual([
          ["unique-taken", "apart", 1],
        ]);
        await db.exec("update c set r = '[5,9)'");
        expect((await ondelete.restore(operation ?? "")).state).toBe("done");
      },
    );
  });
});
