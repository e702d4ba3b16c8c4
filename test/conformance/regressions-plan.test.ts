import { describe, expect, test } from "vitest";
import type { Config, Plan, ReferentialAction } from "../../src/index.ts";
import { failure, key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { familyOf, type Schema } from "../support/story.ts";

const made = (sql: string): Schema => ({ tables: {}, fks: [], rows: {}, sql: [sql] });

const throughJson = (plan: Plan): Plan => JSON.parse(JSON.stringify(plan)) as Plan;

/** Root 2 has nothing below it; below root 1 a row of b is reached by CASCADE and points at a with RESTRICT. */
const INNER_RESTRICT = made(`create table r (id integer primary key);
  create table a (id integer primary key, r integer references r (id) on delete cascade);
  create table b (id integer primary key, r integer references r (id) on delete cascade, a integer references a (id) on delete restrict);
  insert into r values (1), (2); insert into a values (1, 1), (2, 2); insert into b values (1, 1, 1);`);
const INNER_ROWS = { r: ["1", "2"], a: ["1|1", "2|2"], b: ["1|1|1"] };

const SPREADS: readonly { readonly onUpdate: ReferentialAction; readonly set: "null" | "cascade" }[] = [
  { onUpdate: "set null", set: "null" },
  { onUpdate: "cascade", set: "cascade" },
];

/** Conditions on u that read rows which the delete takes or changes, and the users that they select. */
const CONDITIONS = [
  {
    title: "children that go",
    sql: "exists (select 1 from o where o.u = u.id and o.amount > 10)",
    after: { u: ["2|5"], o: ["2|2|5"], n: ["1|∅", "2|2"] },
  },
  {
    title: "rows that lose their reference",
    sql: "id in (select u from n where id = 2)",
    after: { u: ["1|9"], o: ["1|1|50"], n: ["1|1", "2|∅"] },
  },
  {
    title: "the table itself",
    sql: "points = (select min(points) from u)",
    after: { u: ["1|9"], o: ["1|1|50"], n: ["1|1", "2|∅"] },
  },
];
const USERS = made(`create table u (id integer primary key, points integer);
  create table o (id integer primary key, u integer references u (id) on delete cascade, amount integer);
  create table n (id integer primary key, u integer references u (id) on delete set null);
  insert into u values (1, 9), (2, 5); insert into o values (1, 1, 50), (2, 2, 5); insert into n values (1, 1), (2, 2);`);

const override = (child: string, columns: readonly string[], parent: string) => ({
  child,
  columns,
  parent,
  parentColumns: columns[0] === "up" ? ["id"] : columns,
});

describe("plans that were wrong once", () => {
  eachVariant((variant, fresh) => {
    test.for(SPREADS)("a policy on delete leaves ON UPDATE $onUpdate as it is", async ({ onUpdate, set }) => {
      const schema = made(`create table p (id integer primary key);
          create table c (id integer primary key, x integer unique references p (id) on delete set null);
          create table g (id integer primary key, x integer references c (x) on update ${onUpdate});
          insert into p values (1), (2); insert into c values (1, 1), (2, 2); insert into g values (1, 1), (2, 2);`);
      const config: Config = { relations: [{ ...override("g", ["x"], "c"), onDelete: "cascade" }] };
      const { db, ondelete } = await prepare(variant, fresh, schema, config);
      const before = await dump(db, variant);
      const plan = await ondelete.plan(key("p", "1"));
      expect(plan.updates.map((u) => [u.relation, u.set, u.rows])).toEqual([
        ["c(x) -> p(id)", "null", 1],
        ["g(x) -> c(x)", set, 1],
      ]);
      const outcome = await ondelete.delete(plan);
      expect(outcome).toMatchObject({ state: "done", deleted: { p: 1 }, updated: { c: 1, g: 1 } });
      expect(await dump(db, variant)).toEqual({ p: ["2"], c: ["1|∅", "2|2"], g: ["1|∅", "2|2"] });
      expect((await ondelete.restore(outcome.operation ?? "")).state).toBe("done");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("a plan that strict blocked stays blocked when it is handed to delete", async () => {
      const { db, ondelete } = await prepare(variant, fresh, INNER_RESTRICT);
      const plan = throughJson(await ondelete.plan(key("r", "1"), { strict: true }));
      expect(plan.blockers.map((b) => [b.relation, b.reason, b.rows])).toEqual([
        ["b(a) -> a(id)", "restrict", 1],
      ]);
      const outcome = await ondelete.delete(plan);
      expect(outcome).toMatchObject({ state: "blocked", operation: null, deleted: {}, updated: {} });
      expect(await dump(db, variant)).toEqual(INNER_ROWS);
    });

    test("strict tells which roots could go by the strict reading", async () => {
      const { ondelete } = await prepare(variant, fresh, INNER_RESTRICT);
      const all = where("r", "id > 0");
      const strict = await ondelete.plan(all, { strict: true });
      expect([strict.verdict, strict.deletableRoots]).toEqual(["blocked", [{ id: "2" }]]);
      const free = await ondelete.plan(all);
      expect([free.verdict, free.deletableRoots]).toEqual(["allowed", [{ id: "1" }, { id: "2" }]]);
      expect((await ondelete.plan(key("r", "1"), { strict: true })).deletableRoots).toEqual([]);
    });

    test.for([1, 2, 3, 4])("a plan that stopped above %s rows is no confirmation", async (maxRows) => {
      const { db, ondelete } = await prepare(variant, fresh, INNER_RESTRICT);
      const plan = throughJson(await ondelete.plan(where("r", "id > 0"), { maxRows }));
      expect(plan.complete).toBe(false);
      const error = await failure(ondelete.delete(plan));
      expect([error.code, error.exitCode]).toEqual(["plan-changed", 5]);
      expect(await dump(db, variant)).toEqual(INNER_ROWS);
    });

    test("a blocked plan whose blocker left is another plan", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        made(`create table p (id integer primary key); create table c (id integer primary key, p integer references p (id) on delete restrict);
            insert into p values (1); insert into c values (1, 1);`),
      );
      const plan = throughJson(await ondelete.plan(key("p", "1")));
      expect(plan.verdict).toBe("blocked");
      await db.exec("delete from c");
      expect((await failure(ondelete.delete(plan))).code).toBe("plan-changed");
      expect(await dump(db, variant)).toEqual({ p: ["1"], c: [] });
      expect((await ondelete.delete(plan, { replan: true })).state).toBe("done");
    });

    test.for(CONDITIONS)(
      "a script of a condition on $title does what delete does",
      async ({ sql, after }) => {
        const bare = await prepare(variant, fresh, USERS);
        const script = await bare.ondelete.script(where("u", sql));
        await bare.db.exec(script);
        expect(await dump(bare.db, variant)).toEqual(after);
        const own = await prepare(variant, fresh, USERS);
        expect((await own.ondelete.delete(where("u", sql))).state).toBe("done");
        expect(await dump(own.db, variant)).toEqual(after);
      },
    );

    test.for(["a constraint", "the configuration"])(
      "SET DEFAULT into a column of the primary key, said by %s, is refused in words",
      async (by, { skip }) => {
        const declared = by === "a constraint";
        skip(declared && variant.engine === "mariadb", "MariaDB stores SET DEFAULT as RESTRICT");
        const config: Config = {
          relations: [{ ...override("c", ["p"], "p"), parentColumns: ["id"], onDelete: "set default" }],
        };
        const { db, ondelete } = await prepare(
          variant,
          fresh,
          made(`create table p (id integer primary key);
            create table c (p integer default 0 ${declared ? "references p (id) on delete set default" : ""}, n integer, primary key (p, n));
            insert into p values (0), (1), (2); insert into c values (1, 5), (1, 6), (0, 9);`),
          declared ? {} : config,
        );
        const before = await dump(db, variant);
        for (const verb of [ondelete.plan, ondelete.delete]) {
          const error = await failure(verb(key("p", "1")));
          expect([error.code, error.details]).toEqual([
            "unsupported",
            expect.objectContaining({ relation: "c(p) -> p(id)", table: "c", column: "p" }),
          ]);
        }
        expect(await dump(db, variant)).toEqual(before);
        expect((await ondelete.delete(key("p", "2"))).deleted).toEqual({ p: 1 });
      },
    );

    const TREE =
      made(`create table n (id integer primary key, up integer references n (id) on delete cascade);
        insert into n values (1, null), (2, 1), (3, 2);`);

    test("a self-referencing CASCADE that the policy sets null", async () => {
      const config: Config = { relations: [{ ...override("n", ["up"], "n"), onDelete: "set null" }] };
      const { db, ondelete } = await prepare(variant, fresh, TREE, config);
      const plan = await ondelete.plan(key("n", "1"));
      expect(plan).toMatchObject({
        verdict: "allowed",
        deletes: [{ table: "n", rows: 1, depth: 0 }],
        updates: [{ relation: "n(up) -> n(id)", set: "null", rows: 1 }],
      });
      expect(plan.warnings.map((w) => w.code)).toContain("native-diverges");
      const { operation } = await ondelete.delete(plan);
      expect(await dump(db, variant)).toEqual({ n: ["2|∅", "3|2"] });
      await ondelete.restore(operation ?? "");
      expect(await dump(db, variant)).toEqual({ n: ["1|∅", "2|1", "3|2"] });
    });

    test("a self-referencing CASCADE that the policy restricts", async () => {
      const config: Config = { relations: [{ ...override("n", ["up"], "n"), onDelete: "restrict" }] };
      const { db, ondelete } = await prepare(variant, fresh, TREE, config);
      const plan = await ondelete.plan(key("n", "1"));
      expect([plan.verdict, plan.deletes.map((d) => d.rows)]).toEqual(["blocked", [1]]);
      expect(plan.blockers).toMatchObject([
        { relation: "n(up) -> n(id)", reason: "restrict", rows: 1, sample: [{ id: "2" }] },
      ]);
      expect((await ondelete.delete(key("n", "1"))).state).toBe("blocked");
      expect(await dump(db, variant)).toEqual({ n: ["1|∅", "2|1", "3|2"] });
    });

    test("a plan above maxRows stops, and says where and at how many rows at least", async () => {
      const numbers = {
        sqlite:
          "with recursive g (i) as (select 1 union all select i + 1 from g where i < 15000) select i, 1 from g",
        postgres: "select i, 1 from generate_series(1, 15000) g (i)",
        mariadb: "select seq, 1 from seq_1_to_15000",
      }[familyOf(variant)];
      const { ondelete } = await prepare(
        variant,
        fresh,
        made(`create table p (id integer primary key);
            create table c (id integer primary key, p integer references p (id) on delete cascade);
            create index c_p on c (p); insert into p values (1); insert into c ${numbers};`),
      );
      const whole = await ondelete.plan(key("p", "1"), { maxRows: 1_000_000 });
      const capped = await ondelete.plan(key("p", "1"), { maxRows: 10 });
      expect([whole.complete, whole.totals.deleted]).toEqual([true, 15_001]);
      expect([capped.complete, capped.stoppedAt]).toEqual([false, "c"]);
      expect(capped.totals.deleted).toBeGreaterThanOrEqual(10);
      expect(capped.totals.deleted).toBeLessThanOrEqual(15_001);
    });
  });
});
