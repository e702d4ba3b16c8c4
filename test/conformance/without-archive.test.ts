import { describe, expect, test } from "vitest";
import { openEngine } from "../../src/connect/open-engine.ts";
import { key, prepare, where } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const CHAIN = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, g: { id: PK, c: INT } },
  fks: ["c(p) -> p(id) on delete cascade", "g(c) -> c(id) on delete cascade"],
  rows: {
    p: [[1], [2]],
    c: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
    g: [
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 3],
      [5, null],
    ],
  },
} as const satisfies Schema;
const LEFT = { p: ["2"], c: ["3|2"], g: ["4|3", "5|∅"] };

/** The chain with a second way to g, a table that loses its reference, and one that is left alone. */
const MIXED = {
  tables: { ...CHAIN.tables, n: { id: PK, p: INT, g2: INT }, g: { id: PK, c: INT, p: INT } },
  fks: [...CHAIN.fks, "g(p) -> p(id) on delete cascade", "n(p) -> p(id) on delete set null"],
  rows: {
    p: CHAIN.rows.p,
    c: CHAIN.rows.c,
    g: [
      [1, 1, 1],
      [2, 1, null],
      [3, null, 1],
      [4, 3, 1],
      [5, 3, 2],
    ],
    n: [
      [1, 1, 7],
      [2, 2, 7],
    ],
  },
} as const satisfies Schema;

describe("a delete that keeps no archive", () => {
  eachVariant((variant, fresh) => {
    test("of a chain of cascades takes exactly the planned rows, and counts them", async () => {
      const { db, ondelete } = await prepare(variant, fresh, CHAIN);
      const outcome = await ondelete.delete(key("p", "1"), { archive: false });
      expect(outcome).toMatchObject({
        state: "done",
        deleted: { p: 1, c: 2, g: 3 },
        updated: {},
        undo: null,
      });
      expect(await dump(db, variant)).toEqual(LEFT);
    });

    test("says in the steps of its plan which way it goes, and why", async () => {
      const { ondelete } = await prepare(variant, fresh, CHAIN);
      const { steps } = await ondelete.plan(key("p", "1"));
      const short = steps.map((s) => [s.kind, s.table, s.rows]);
      if (variant.engine === "sqlite") {
        expect(short).toEqual([
          ["delete", "g", 3],
          ["delete", "c", 2],
          ["delete", "p", 1],
        ]);
        expect(steps.map((s) => s.why)).toEqual([
          "Nothing that goes references it any more. ondelete deletes these rows by what they reference, and keeps no list of them.",
          "After the tables that reference it, so that no constraint acts or refuses.",
          "After the tables that reference it, so that no constraint acts or refuses.",
        ]);
      } else {
        expect(short).toEqual([["delete", "p", 1]]);
        expect(steps[0]?.why).toContain("The engine's own referential actions delete 5 rows more");
      }
      expect((await ondelete.plan(key("p", "1"), { archive: false })).steps).toEqual(steps);
    });

    test("reaches leaves by two ways and counts them once, and nulls what stays", async () => {
      const { db, ondelete } = await prepare(variant, fresh, MIXED);
      const outcome = await ondelete.delete(key("p", "1"), { archive: false });
      expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 2, g: 4 }, updated: { n: 1 } });
      expect(await dump(db, variant)).toEqual({
        p: ["2"],
        c: ["3|2"],
        g: ["5|3|2"],
        n: ["1|∅|7", "2|2|7"],
      });
    });

    test("of several roots and more rows than one statement takes", async () => {
      const { db, ondelete } = await prepare(variant, fresh, {
        ...CHAIN,
        rows: {
          p: [[1], [2], [3]],
          c: Array.from({ length: 600 }, (_, i) => [i + 1, 1 + (i % 3)]),
          g: [],
        },
      });
      await db.exec("insert into g (id, c) select a.id * 1000 + b.id, a.id from c a join c b on b.id <= 20");
      const outcome = await ondelete.delete(where("p", "id <= 2"), { archive: false });
      expect(outcome.deleted).toEqual({ p: 2, c: 400, g: 8000 });
      const [left] = await db.rows("select count(*) as n from g");
      expect(left?.n).toBe("4000");
    });

    test("is refused where the plan is no longer the confirmed one", async () => {
      const { db, ondelete } = await prepare(variant, fresh, CHAIN);
      const plan = await ondelete.plan(key("p", "1"));
      await db.exec("update g set c = 3 where id = 3");
      await db.exec("update g set c = 1 where id = 4");
      const before = await dump(db, variant);
      await expect(ondelete.delete(plan, { archive: false })).rejects.toMatchObject({ code: "plan-changed" });
      expect(await dump(db, variant)).toEqual(before);
    });
  });

  eachVariant(
    (variant, fresh) => {
      test("waits for a child that another session is inserting, and takes it along", async () => {
        const { db, ondelete } = await prepare(variant, fresh, CHAIN);
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run("insert into g (id, c) values (9, 1)");
        const deleting = ondelete.delete(key("p", "1"), { archive: false });
        await new Promise((resolve) => setTimeout(resolve, 300));
        await other.run("commit");
        expect((await deleting).deleted).toEqual({ p: 1, c: 2, g: 4 });
        expect(await dump(db, variant)).toEqual(LEFT);
      });

      test("counts again where a leaf goes between the count and the delete", async () => {
        const { db, ondelete } = await prepare(variant, fresh, CHAIN);
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run("delete from g where id = 2");
        const deleting = ondelete.delete(key("p", "1"), { archive: false });
        await new Promise((resolve) => setTimeout(resolve, 300));
        await other.run("commit");
        expect((await deleting).deleted).toEqual({ p: 1, c: 2, g: 2 });
        expect(await dump(db, variant)).toEqual(LEFT);
      });

      test("knows how many rows a cascade of the engine took", async () => {
        const { db, ondelete } = await prepare(variant, fresh, CHAIN);
        await ondelete.plan(key("p", "1"));
        const engine = await openEngine(db.handle);
        const { tables } = await engine.readModel({ journal: { schema: "ondelete", prefix: "ondelete_" } });
        const counts = await engine.write({ lockTimeoutMs: 1_000 }, async (tx) => {
          const counter = await engine.countChanges(tx, tables);
          const { sql } = await import("../../src/dialect/sql.ts");
          await tx.run(sql`delete from p where id = 1`);
          return counter?.(6, 0);
        });
        const expected =
          variant.engine === "mariadb"
            ? { kind: "total", rows: 6 }
            : {
                kind: "by-table",
                deleted: new Map([
                  ["c", 2],
                  ["g", 3],
                  ["p", 1],
                ]),
                updated: new Map([
                  ["c", 0],
                  ["g", 0],
                  ["p", 0],
                ]),
              };
        expect(counts).toEqual(expected);
      });
    },
    {
      engines: ["postgres", "mariadb"],
      because: "it takes several sessions, and a cascade that the engine counts",
    },
  );
});
