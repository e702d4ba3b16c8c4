import { describe, expect, test } from "vitest";
import type { Config, Plan } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { CONFIG, SCHEMA } from "../support/soft-schema.ts";
import { eachVariant } from "../support/stages.ts";
import { familyOf, INT, PK, type Schema } from "../support/story.ts";

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

    test.for(["restrict", "no action"])(
      "is refused by %s where a row that is deleted softly references one that would be archived",
      async (action) => {
        const { ondelete } = await prepare(
          variant,
          fresh,
          {
            tables: { p: { id: PK }, r: { id: PK, p: INT, gone: "timestamp null" } },
            fks: [`r(p) -> p(id) on delete ${action}`],
            rows: { p: [[1]], r: [[1, 1, "2020-01-02 03:04:05"]] },
          },
          { tables: { p: { onSoftDelete: "archive" }, r: { softDelete: "gone" } } },
        );
        const plan = await ondelete.plan(key("p", "1"), { soft: true });
        expect(plan.blockers.map((b) => [b.relation, b.rows])).toEqual([["r(p) -> p(id)", 1]]);
        expect((await ondelete.delete(plan)).state).toBe("blocked");
      },
    );

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

    test("writes nothing where a trigger takes the mark back", async () => {
      const triggers = {
        sqlite: [
          "create trigger keep after update on p begin update p set gone = null where id = new.id; end",
        ],
        mariadb: ["create trigger keep before update on p for each row set new.gone = null"],
        postgres: [
          "create function kept() returns trigger language plpgsql as 'begin new.gone = null; return new; end'",
          "create trigger keep before update on p for each row execute function kept()",
        ],
      };
      const { db, ondelete } = await stage({ sql: triggers[familyOf(variant)] });
      const before = await dump(db, variant);
      const error = await failure(ondelete.delete(key("p", "1"), { soft: true }));
      expect([error.code, error.details.table]).toEqual(["count-mismatch", "p"]);
      expect(await dump(db, variant)).toEqual(before);
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
