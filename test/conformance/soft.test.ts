import { describe, expect, test } from "vitest";
import type { Config, Database, Plan } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

/** `c` and `k` hang off `p`, `n` loses its reference, `r` refuses; `k` has no marker. */
const SCHEMA: Schema = {
  tables: {
    p: { id: PK, gone: "timestamp null" },
    c: { id: PK, p: INT, gone: "boolean" },
    k: { id: PK, c: INT },
    n: { id: PK, p: INT },
    r: { id: PK, p: INT, gone: "timestamp null" },
  },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "k(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
    "r(p) -> p(id) on delete restrict",
  ],
  rows: {
    p: [
      [1, null],
      [2, null],
    ],
    c: [
      [1, 1, null],
      [2, 1, "0"],
      [3, 1, "1"],
      [4, 2, "0"],
    ],
    k: [
      [1, 1],
      [2, 3],
      [3, 4],
    ],
    n: [[1, 1]],
    r: [[1, 2, null]],
  },
};

const CONFIG: Config = {
  tables: { p: { softDelete: "gone" }, c: { softDelete: "gone" }, r: { softDelete: "gone" } },
};

const live = async (db: { rows(sql: string): Promise<unknown[]> }, table: string) =>
  (await db.rows(`select id from ${table} where gone is null order by id`)).map(
    (r) => (r as { id: string }).id,
  );

describe("a soft delete", () => {
  eachVariant((variant, fresh) => {
    const stage = (more: Partial<Schema> = {}, config: Config = CONFIG) =>
      prepare(variant, fresh, { ...SCHEMA, ...more }, config);

    test("takes the rows that a hard one takes, and says what it does with each", async () => {
      const { ondelete } = await stage();
      const hard = await ondelete.plan(key("p", "1"));
      const soft = await ondelete.plan(key("p", "1"), { soft: true });
      expect(soft.mode).toBe("soft");
      expect(soft.deletes).toEqual(hard.deletes);
      expect(soft.deletes.map((d) => [d.table, d.rows])).toEqual([
        ["p", 1],
        ["c", 3],
        ["k", 2],
      ]);
      expect(soft.marked).toEqual([
        { table: "p", columns: ["gone"], rows: 1 },
        { table: "c", columns: ["gone"], rows: 2 },
      ]);
      expect(soft.kept).toEqual([{ table: "k", rows: 2 }]);
      expect(soft.updates).toEqual([]);
      expect([hard.marked, hard.kept, hard.archived]).toEqual([[], [], []]);
    });

    test("marks live rows, keeps earlier deletions, and is taken back to the last value", async () => {
      const { db, ondelete } = await stage();
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(key("p", "1"), { soft: true });
      expect(outcome).toMatchObject({ state: "done", mode: "soft", deleted: { p: 1, c: 2 }, updated: {} });
      const after = await dump(db, variant);
      expect({ ...after, p: null, c: null }).toEqual({ ...before, p: null, c: null });
      expect(await live(db, "p")).toEqual(["2"]);
      const truth = await db.rows("select id from c where gone order by id");
      expect(truth.map((r) => r.id)).toEqual(["1", "2", "3"]);
      const restored = await ondelete.restore(outcome.operation ?? "");
      expect(restored).toMatchObject({ state: "done", inserts: {}, updates: { p: 1, c: 2 } });
      expect(await dump(db, variant)).toEqual(before);
    });

    test("of rows that are deleted softly already does nothing and writes nothing down", async () => {
      const { db, ondelete } = await stage();
      await done(ondelete, key("p", "1"), { soft: true });
      const before = await dump(db, variant);
      const again = await ondelete.delete(key("p", "1"), { soft: true });
      expect(again).toMatchObject({ state: "done", operation: null, deleted: {}, undo: null });
      expect(await dump(db, variant)).toEqual(before);
      expect((await ondelete.status()).operations).toHaveLength(1);
    });

    test("is refused by RESTRICT, but not by a row that is deleted softly itself", async () => {
      const { ondelete } = await stage();
      const refused = await ondelete.delete(key("p", "2"), { soft: true });
      expect(refused.state).toBe("blocked");
      expect(refused.blockers?.map((b) => [b.relation, b.reason, b.rows])).toEqual([
        ["r(p) -> p(id)", "restrict", 1],
      ]);
      await done(ondelete, key("r", "1"), { soft: true });
      expect((await ondelete.delete(key("p", "2"), { soft: true })).state).toBe("done");
      expect((await ondelete.plan(key("p", "2"))).verdict).toBe("blocked");
    });

    test("moves rows without a marker to the archive where the policy says so", async () => {
      const { db, ondelete } = await stage(
        {},
        { tables: { ...CONFIG.tables, k: { onSoftDelete: "archive" } } },
      );
      const before = await dump(db, variant);
      const plan = await ondelete.plan(key("p", "1"), { soft: true });
      expect([plan.kept, plan.archived]).toEqual([[], [{ table: "k", rows: 2 }]]);
      const outcome = await ondelete.delete(plan);
      expect(outcome.deleted).toEqual({ p: 1, c: 2, k: 2 });
      expect((await dump(db, variant)).k).toEqual(["3|4"]);
      const restored = await ondelete.restore(outcome.operation ?? "");
      expect(restored).toMatchObject({ inserts: { k: 2 }, updates: { p: 1, c: 2 } });
      expect(await dump(db, variant)).toEqual(before);
    });

    test("nulls what loses its reference to an archived row, and gives it back", async () => {
      const { db, ondelete } = await stage(
        {
          tables: { ...SCHEMA.tables, s: { id: PK, k: INT } },
          fks: [...SCHEMA.fks, "s(k) -> k(id) on delete set null"],
          rows: { ...SCHEMA.rows, s: [[1, 1]] },
        },
        { tables: { ...CONFIG.tables, k: { onSoftDelete: "archive" } } },
      );
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(key("p", "1"), { soft: true });
      expect(outcome.updated).toEqual({ s: 1 });
      expect((await dump(db, variant)).s).toEqual(["1|∅"]);
      await ondelete.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("is blocked by rows without a marker where the policy says so, by table or by relation", async () => {
      const byTable: Config = { tables: { ...CONFIG.tables, k: { onSoftDelete: "block" } } };
      const relation = { child: "k", columns: ["c"], parent: "c", parentColumns: ["id"] };
      const byRelation: Config = {
        ...CONFIG,
        relations: [{ ...relation, onDelete: "cascade", enforcedBy: "database", onSoftDelete: "block" }],
      };
      for (const config of [byTable, byRelation]) {
        const { ondelete } = await stage({}, config);
        const plan = await ondelete.plan(key("p", "1"), { soft: true });
        expect(plan.blockers.map((b) => [b.table, b.reason, b.rows])).toEqual([["k", "protected", 2]]);
      }
    });

    test("is blocked where rows that stay reference rows that would be archived", async () => {
      const { ondelete } = await stage(
        {},
        { tables: { p: { softDelete: "gone" }, c: { onSoftDelete: "archive" } } },
      );
      const plan = await ondelete.plan(key("p", "1"), { soft: true });
      expect(plan.blockers.map((b) => [b.relation, b.reason, b.rows])).toEqual([
        ["k(c) -> c(id)", "no-action", 2],
      ]);
    });

    test("is refused with what to do where no table has a marker", async () => {
      const { ondelete } = await stage({}, {});
      const error = await failure(ondelete.plan(key("p", "1"), { soft: true }));
      expect([error.code, error.exitCode]).toEqual(["no-marker", 2]);
      expect(error.hint).toContain('tables: { "p": { softDelete: "deleted_at" } }');
    });

    test("warns where the rows that were named have no marker", async () => {
      const { ondelete } = await stage({}, { tables: { c: { softDelete: "gone" } } });
      const plan = await ondelete.plan(key("p", "1"), { soft: true });
      expect(plan.warnings.map((w) => w.code)).toContain("root-kept");
      expect(plan.kept).toEqual([
        { table: "p", rows: 1 },
        { table: "k", rows: 2 },
      ]);
    });

    test("is what a plan says that was made for it, also after JSON, and a hard plan is not one", async () => {
      const { db, ondelete } = await stage();
      const soft = JSON.parse(JSON.stringify(await ondelete.plan(key("p", "1"), { soft: true }))) as Plan;
      const hard = await ondelete.plan(key("p", "1"));
      expect(hard.digest).not.toBe(soft.digest);
      const mixed = await failure(ondelete.delete(key("p", "1"), { digest: soft.digest }));
      expect(mixed.code).toBe("plan-changed");
      expect(await live(db, "p")).toEqual(["1", "2"]);
      expect((await ondelete.delete(soft)).mode).toBe("soft");
      expect(await live(db, "p")).toEqual(["2"]);
    });

    test("foretells a CHECK and a unique index that its mark violates", async () => {
      const schema: Schema = {
        tables: {
          p: { id: PK, gone: "timestamp null", kept: INT, "+": "check (kept = 0 or gone is null)" },
          c: { id: PK, p: INT, gone: "boolean", code: INT },
        },
        fks: ["c(p) -> p(id) on delete cascade"],
        rows: {
          p: [
            [1, null, 1],
            [2, null, 0],
          ],
          c: [
            [1, 2, "0", 7],
            [2, null, "1", 7],
          ],
        },
        sql: ["create unique index once on c (code, gone)"],
      };
      const config: Config = { tables: { p: { softDelete: "gone" }, c: { softDelete: "gone" } } };
      const { ondelete } = await stage(schema, config);
      const check = await ondelete.plan(key("p", "1"), { soft: true });
      expect(check.blockers.map((b) => [b.table, b.reason, b.rows])).toEqual([["p", "check", 1]]);
      const unique = await ondelete.plan(key("p", "2"), { soft: true });
      expect(unique.blockers.map((b) => [b.table, b.reason, b.rows])).toEqual([["c", "unique", 1]]);
    });
  });
});

describe("the marker of a soft delete", () => {
  eachVariant((variant, fresh) => {
    const now = Date.now();
    const KINDS: readonly (readonly [string, string, string | undefined, (value: string) => number])[] = [
      ["a time", "timestamp null", undefined, (v) => Date.parse(`${v.slice(0, 23).replace(" ", "T")}Z`)],
      ["text", "varchar(40)", undefined, (v) => Date.parse(v.endsWith("Z") ? v : `${v}Z`)],
      ["seconds", "bigint", undefined, (v) => Number(v) * 1000],
      ["milliseconds", "bigint", "milliseconds", Number],
    ];
    test.for(KINDS)("can be %s", async ([, type, kind, read]) => {
      const schema = { tables: { t: { id: PK, gone: type } }, fks: [], rows: { t: [[1, null]] } };
      const softDelete = kind ? { column: "gone", kind: "milliseconds" as const } : "gone";
      const { db, ondelete } = await prepare(variant, fresh, schema, { tables: { t: { softDelete } } });
      const operation = await done(ondelete, key("t", "1"), { soft: true });
      const [row] = await db.rows("select gone from t");
      expect(Math.abs(read(row?.gone ?? "") - now)).toBeLessThan(3_600_000);
      await ondelete.restore(operation);
      expect(await dump(db, variant)).toEqual({ t: ["1|∅"] });
    });

    test("is one moment for all tables of an operation", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          ...SCHEMA,
          tables: { ...SCHEMA.tables, c: { id: PK, p: INT, gone: "timestamp null" } },
          rows: { p: [[1, null]], c: [[1, 1, null]] },
        },
        CONFIG,
      );
      await done(ondelete, key("p", "1"), { soft: true });
      const rows = await db.rows("select gone from p union select gone from c");
      expect(rows).toHaveLength(1);
    });

    test("that cannot be one is an error of the configuration", async () => {
      const refused = async (type: string, entry: object) => {
        const schema = { tables: { t: { id: PK, gone: type } }, fks: [], rows: {} };
        const { ondelete } = await prepare(variant, fresh, schema, { tables: { t: entry } });
        return (await failure(ondelete.plan(where("t", "1 = 1")))).message;
      };
      expect(
        await refused("timestamp default '2000-01-01 00:00:00' not null", { softDelete: "gone" }),
      ).toContain("NOT NULL");
      expect(await refused("decimal(5, 2)", { softDelete: "gone" })).toContain(
        "neither a time nor a truth value",
      );
      expect(await refused("timestamp null", { softDelete: "gon" })).toContain('Did you mean "gone"?');
      expect(await refused("timestamp null", { softDelete: { column: "gone", kind: "boolean" } })).toContain(
        "no boolean",
      );
      expect(await refused("timestamp null", { softDelete: "gone", onSoftDelete: "keep" })).toContain(
        "no meaning",
      );
    });
  });
});

describe("the restore of a soft delete", () => {
  eachVariant((variant, fresh) => {
    const conflicts = async (ondelete: Database, operation: string) =>
      (await ondelete.restore(operation)).conflicts.map((c) => [c.kind, c.table, c.rows, c.sample]);

    test("keeps what was edited meanwhile, and reports marks that are not its own", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const operation = await done(ondelete, key("p", "1"), { soft: true });
      await db.exec([
        "update p set gone = '2001-01-01 00:00:00' where id = 1",
        "delete from k",
        "delete from c where id = 2",
      ]);
      const before = await dump(db, variant);
      expect(await conflicts(ondelete, operation)).toEqual([
        ["edited", "p", 1, [{ id: "1" }]],
        ["row-gone", "c", 1, [{ id: "2" }]],
      ]);
      expect(await dump(db, variant)).toEqual(before);
    });

    test("takes a row that somebody brought back already as it is", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const before = await dump(db, variant);
      const operation = await done(ondelete, key("p", "1"), { soft: true });
      await db.exec(["update p set gone = null where id = 1"]);
      expect((await ondelete.restore(operation)).state).toBe("done");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("does not bring a child back below a parent that another delete hides", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const before = await dump(db, variant);
      const child = await done(ondelete, key("c", "1"), { soft: true });
      const parent = await done(ondelete, key("p", "1"), { soft: true });
      expect(await conflicts(ondelete, child)).toEqual([["parent-gone", "c", 1, [{ id: "1" }]]]);
      await ondelete.restore(parent);
      expect((await db.rows("select id from c where gone order by id")).map((r) => r.id)).toEqual(["1", "3"]);
      expect((await ondelete.restore(child)).state).toBe("done");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("and of a hard delete after it, in either order of deletes, ends where it began", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, CONFIG);
      const before = await dump(db, variant);
      const soft = await done(ondelete, key("c", "1"), { soft: true });
      const hidden = await dump(db, variant);
      const hard = await done(ondelete, key("p", "1"));
      expect((await ondelete.planRestore(soft)).conflicts.map((c) => c.kind)).toContain("row-gone");
      await ondelete.restore(hard);
      expect(await dump(db, variant)).toEqual(hidden);
      await ondelete.restore(soft);
      expect(await dump(db, variant)).toEqual(before);
    });

    test("reports a unique value that a live row took, and goes on when it is free again", async () => {
      const partial = variant.engine !== "mariadb";
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: {
            t: {
              id: PK,
              name: "varchar(20)",
              gone: "timestamp null",
              ...(partial ? {} : { alive: "integer as (case when gone is null then 1 end) virtual" }),
            },
          },
          fks: [],
          rows: partial ? { t: [[1, "a", null]] } : {},
          sql: partial
            ? ["create unique index live_name on t (name) where gone is null"]
            : [
                "create unique index live_name on t (name, alive)",
                "insert into t (id, name) values (1, 'a')",
              ],
        },
        { tables: { t: { softDelete: "gone" } } },
      );
      const before = await dump(db, variant);
      const operation = await done(ondelete, key("t", "1"), { soft: true });
      await db.exec(["insert into t (id, name) values (2, 'a')"]);
      expect(await conflicts(ondelete, operation)).toEqual([["unique-taken", "t", 1, [{ id: "1" }]]]);
      await done(ondelete, key("t", "2"), { soft: true });
      expect((await ondelete.restore(operation)).state).toBe("done");
      await db.exec(["delete from t where id = 2"]);
      expect(await dump(db, variant)).toEqual(before);
    });
  });
});
