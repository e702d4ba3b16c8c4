import { describe, expect, test } from "vitest";
import type { Plan } from "../../src/index.ts";
import { done, failure, key, prepare, where } from "../support/act.ts";
import { type Dump, dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, n: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade", "n(p) -> p(id) on delete set null"],
  rows: {
    p: [[1], [2]],
    c: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
    n: [
      [1, 1],
      [2, 2],
    ],
  },
};

/** More tables than one statement sums up keys of: 120 children with a row each. */
const children = Array.from({ length: 120 }, (_, i) => `c${i}`);
const WIDE: Schema = {
  tables: { p: { id: PK }, ...Object.fromEntries(children.map((c) => [c, { id: PK, p: INT }])) },
  fks: children.map((c) => `${c}(p) -> p(id) on delete cascade`),
  rows: { p: [[1]], ...Object.fromEntries(children.map((c) => [c, [[1, 1]]])) },
};
const ROWS: Dump = { p: ["1", "2"], c: ["1|1", "2|1", "3|2"], n: ["1|1", "2|2"] };

/** What changes after the plan was made, each of which makes it another plan. */
const DRIFT = [
  { title: "a child was inserted", sql: "insert into c values (9, 1)" },
  { title: "a child was deleted", sql: "delete from c where id = 1" },
  {
    title: "a child was exchanged for another",
    sql: "update c set p = case id when 1 then 2 when 3 then 1 else p end",
  },
  { title: "a row to be nulled was exchanged for another", sql: "update n set p = 3 - p" },
  { title: "a column was added to a table it touches", sql: "alter table c add column extra integer" },
];

describe("a delete that is not what was confirmed is refused", () => {
  eachVariant((variant, fresh) => {
    test.for(DRIFT)("$title: by plan", async ({ sql }) => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const plan = JSON.parse(JSON.stringify(await ondelete.plan(key("p", "1")))) as Plan;
      await db.exec(sql);
      const before = await dump(db, variant);
      const error = await failure(ondelete.delete(plan));
      expect([error.code, error.exitCode]).toEqual(["plan-changed", 5]);
      expect(await dump(db, variant)).toEqual(before);
      expect((await ondelete.status()).operations).toEqual([]);
      expect((await ondelete.delete(plan, { replan: true })).state).toBe("done");
    });

    test.for(DRIFT.slice(0, 4))("$title: by digest", async ({ sql }) => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const { digest } = await ondelete.plan(key("p", "1"));
      await db.exec(sql);
      const before = await dump(db, variant);
      expect((await failure(ondelete.delete(key("p", "1"), { digest }))).code).toBe("plan-changed");
      expect(await dump(db, variant)).toEqual(before);
    });

    test.for(["c0", "c60", "c98", "c99", "c119"])(
      "a child of %s was exchanged for another, one table of many: by digest",
      async (table) => {
        const { db, ondelete } = await prepare(variant, fresh, WIDE);
        const { digest, digestOf, totals } = await ondelete.plan(key("p", "1"));
        expect({ digestOf, totals }).toMatchObject({ digestOf: "keys", totals: { deleted: 121 } });
        expect((await ondelete.plan(key("p", "1"))).digest).toBe(digest);
        await db.exec(`update ${table} set id = 2`);
        expect((await failure(ondelete.delete(key("p", "1"), { digest }))).code).toBe("plan-changed");
        await db.exec(`update ${table} set id = 1`);
        expect((await ondelete.delete(key("p", "1"), { digest })).state).toBe("done");
      },
    );

    test("by the number of rows", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const error = await failure(ondelete.delete(key("p", "1"), { expectRows: 2 }));
      expect([error.code, error.exitCode]).toEqual(["plan-changed", 5]);
      expect(await dump(db, variant)).toEqual(ROWS);
      expect((await ondelete.delete(key("p", "1"), { expectRows: 3 })).state).toBe("done");
    });

    test("above maxRows the plan is not complete, and the delete changes nothing", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const plan = await ondelete.plan(key("p", "1"), { maxRows: 2 });
      expect({ complete: plan.complete, stoppedAt: plan.stoppedAt, verdict: plan.verdict }).toEqual({
        complete: false,
        stoppedAt: "c",
        verdict: "blocked",
      });
      expect(plan.totals.deleted).toBeGreaterThanOrEqual(2);
      expect(plan.totals.deleted).toBeLessThanOrEqual(3);
      for (const target of [key("p", "1"), plan])
        expect((await failure(ondelete.delete(target, { maxRows: 2 }))).code).toBe("too-many-rows");
      expect(await dump(db, variant)).toEqual(ROWS);
      expect((await ondelete.plan(key("p", "1"), { maxRows: 3 })).complete).toBe(true);
    });

    test("maxRows of the configuration holds too", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA, { limits: { maxRows: 2 } });
      expect((await failure(ondelete.delete(key("p", "1")))).code).toBe("too-many-rows");
      expect(await dump(db, variant)).toEqual(ROWS);
    });

    test("a key that selects no row is not found, a condition that selects none is a plan of nothing", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const error = await failure(ondelete.plan(key("p", "7")));
      expect([error.code, error.exitCode]).toEqual(["not-found", 1]);
      expect((await failure(ondelete.delete(key("p", "7")))).code).toBe("not-found");
      const plan = await ondelete.plan(where("p", "id > 7"));
      expect(plan).toMatchObject({
        verdict: "allowed",
        nativeVerdict: "applies",
        deletes: [],
        updates: [],
        totals: { tables: 0, deleted: 0, updated: 0, blocking: 0 },
        deletableRoots: [],
      });
      expect(await ondelete.delete(plan)).toMatchObject({
        state: "done",
        operation: null,
        deleted: {},
        undo: null,
      });
      expect(await dump(db, variant)).toEqual(ROWS);
    });

    test("an aborted signal leaves nothing behind", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const signal = AbortSignal.abort();
      expect((await failure(ondelete.plan(key("p", "1"), { signal }))).code).toBe("interrupted");
      expect((await failure(ondelete.delete(key("p", "1"), { signal }))).code).toBe("interrupted");
      expect(await dump(db, variant)).toEqual(ROWS);
      const operation = await done(ondelete, key("p", "1"));
      const after = await dump(db, variant);
      expect((await failure(ondelete.restore(operation, { signal }))).code).toBe("interrupted");
      expect(await dump(db, variant)).toEqual(after);
      expect((await ondelete.restore(operation)).state).toBe("done");
      expect(await dump(db, variant)).toEqual(ROWS);
    });

    test("two operations on overlapping rows: each row goes once, and both can be taken back in turn", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const plan = await ondelete.plan(where("p", "id > 0"));
      const first = await done(ondelete, key("p", "1"));
      expect((await failure(ondelete.delete(plan))).code).toBe("plan-changed");
      const outcome = await ondelete.delete(plan, { replan: true });
      expect(outcome.deleted).toEqual({ p: 1, c: 1 });
      await ondelete.restore(first);
      await ondelete.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(ROWS);
    });
  });
});
