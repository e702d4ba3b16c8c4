import { describe, expect, test } from "vitest";
import type { Config, RestorePlan } from "../../src/index.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import { type Dump, dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

/** top 1 > p 1, 2 > c 1 to 3 > d 1, 2; n loses its reference to p. */
const SCHEMA: Schema = {
  tables: {
    top: { id: PK, name: "varchar(20)" },
    p: { id: PK, top: INT, code: "varchar(30) unique" },
    c: { id: PK, p: INT },
    d: { id: PK, c: INT },
    n: { id: PK, p: INT },
  },
  fks: [
    "p(top) -> top(id) on delete cascade",
    "c(p) -> p(id) on delete cascade",
    "d(c) -> c(id) on delete cascade",
    "n(p) -> p(id) on delete set null",
  ],
  rows: {
    top: [
      [1, "one"],
      [2, "two"],
    ],
    p: [
      [1, 1, "x"],
      [2, 1, "y"],
    ],
    c: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
    d: [
      [1, 1],
      [2, 3],
    ],
    n: [
      [1, 1],
      [2, 2],
    ],
  },
};

const told = (plan: RestorePlan) => ({
  state: plan.state,
  inserts: plan.inserts,
  updates: plan.updates,
  skipped: plan.skipped,
});

describe("a restore with conflicts", () => {
  eachVariant((variant, fresh) => {
    /** Deletes top 1, does something, and says what the tables hold after the restore. */
    const stage = async (meanwhile: readonly string[], more: Partial<Schema> = {}, config: Config = {}) => {
      const { db, ondelete } = await prepare(variant, fresh, { ...SCHEMA, ...more }, config);
      const before = await dump(db, variant);
      const operation = await done(ondelete, key("top", "1"));
      await db.exec(meanwhile);
      return { db, ondelete, before, operation, now: (): Promise<Dump> => dump(db, variant) };
    };

    test("skips what is in conflict and all that hangs off it, and can be restored again", async () => {
      const { db, ondelete, operation, now, before } = await stage(["insert into p values (9, 2, 'x')"]);
      const planned = await ondelete.planRestore(operation, { onConflict: "skip" });
      expect(told(planned)).toEqual({
        state: "planned",
        inserts: { top: 1, p: 1, c: 1, d: 1 },
        updates: { n: 1 },
        skipped: { p: 1, c: 2, d: 1, n: 1 },
      });
      const first = await ondelete.restore(operation, { onConflict: "skip" });
      expect(told(first)).toEqual({ ...told(planned), state: "done" });
      expect(first.warnings.map((w) => w.code)).toEqual(["rows-skipped"]);
      expect(await now()).toEqual({
        top: ["1|one", "2|two"],
        p: ["2|1|y", "9|2|x"],
        c: ["3|2"],
        d: ["2|3"],
        n: ["1|∅", "2|2"],
      });
      expect((await ondelete.status(operation)).operations[0]?.state).toBe("done");
      await db.exec(["delete from p where id = 9"]);
      const again = await ondelete.restore(operation, { onConflict: "skip" });
      expect(told(again)).toMatchObject({ state: "done", inserts: { p: 1, c: 2, d: 1 }, updates: { n: 2 } });
      expect(await now()).toEqual(before);
    });

    test("skips a row whose key is taken, and what was edited or deleted since", async () => {
      const { ondelete, operation, now } = await stage([
        "insert into p values (2, 2, 'z')",
        "update n set p = 2 where id = 1",
        "delete from n where id = 2",
      ]);
      const result = await ondelete.restore(operation, { onConflict: "skip" });
      expect(told(result)).toEqual({
        state: "done",
        inserts: { top: 1, p: 1, c: 3, d: 2 },
        updates: {},
        skipped: { p: 1, n: 2 },
      });
      expect(await now()).toMatchObject({ p: ["1|1|x", "2|2|z"], c: ["1|1", "2|1", "3|2"], n: ["1|2"] });
    });

    test("skips what hangs off a skipped row by a relation that no constraint watches over", async () => {
      const relation = { child: "loose", columns: ["p"], parent: "p", parentColumns: ["id"] };
      const { ondelete, operation, now } = await stage(
        ["insert into p values (9, 2, 'x')"],
        {
          tables: { ...SCHEMA.tables, loose: { id: PK, p: INT } },
          rows: {
            ...SCHEMA.rows,
            loose: [
              [1, 1],
              [2, 2],
            ],
          },
        },
        { relations: [{ ...relation, onDelete: "cascade" }] },
      );
      const result = await ondelete.restore(operation, { onConflict: "skip" });
      expect(result.skipped).toMatchObject({ loose: 1 });
      expect((await now()).loose).toEqual(["2|2"]);
    });

    test("skips what hangs off a table that no longer fits by such a relation", async () => {
      const relation = { child: "loose", columns: ["c"], parent: "c", parentColumns: ["id"] };
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: { p: { id: PK }, c: { id: PK, p: INT }, loose: { id: PK, c: INT } },
          fks: ["c(p) -> p(id) on delete cascade"],
          rows: { p: [[1]], c: [[1, 1]], loose: [[1, 1]] },
        },
        { relations: [{ ...relation, onDelete: "cascade" }] },
      );
      const operation = await done(ondelete, key("p", "1"));
      await db.exec([
        "drop table c",
        "create table c (id integer primary key, p integer references p (id) on delete cascade, must integer not null)",
      ]);
      const result = await ondelete.restore(operation, { onConflict: "skip" });
      expect([result.inserts, result.skipped]).toEqual([{ p: 1 }, { c: 1, loose: 1 }]);
      expect(await dump(db, variant)).toEqual({ p: ["1"], c: [], loose: [] });
    });

    test("renames a unique text that is taken", async () => {
      const { ondelete, operation, now, before } = await stage(["insert into p values (9, 2, 'x')"]);
      const result = await ondelete.restore(operation, { onConflict: "rename", rename: "old {value}!" });
      expect(result.state).toBe("done");
      expect(result.renamed).toEqual([{ table: "p", column: "code", index: expect.any(String), rows: 1 }]);
      expect(await now()).toEqual({ ...before, p: ["1|1|old x!", "2|1|y", "9|2|x"] });
      expect((await ondelete.status(operation)).operations[0]?.state).toBe("restored");
    });

    test("stops where the new name is taken too, unless the row may be skipped", async () => {
      const { ondelete, operation } = await stage([
        "insert into p values (9, 2, 'x')",
        "insert into p values (8, 2, 'x (restored)')",
      ]);
      const stopped = await ondelete.restore(operation, { onConflict: "rename" });
      expect([stopped.state, stopped.conflicts.map((c) => [c.kind, c.table])]).toEqual([
        "blocked",
        [["unique-taken", "p"]],
      ]);
      const result = await ondelete.restore(operation, { onConflict: ["skip", "rename"] });
      expect([result.state, result.skipped]).toEqual(["done", { p: 1, c: 2, d: 1, n: 1 }]);
    });

    test("puts rows whose parent is gone below another, or below none", async () => {
      const first = await prepare(variant, fresh, SCHEMA);
      const operation = await done(first.ondelete, key("p", "1"));
      await done(first.ondelete, key("top", "1"));
      const rows = await dump(first.db, variant);
      const stopped = await first.ondelete.planRestore(operation, { onConflict: "rename" });
      expect(stopped.conflicts.map((c) => c.kind)).toEqual(["parent-gone"]);
      const moved = await first.ondelete.planRestore(operation, {
        onConflict: "reparent",
        parents: { top: "2" },
      });
      expect(moved.reparented).toEqual([
        { table: "p", relation: "p(top) -> top(id)", rows: 1, parent: { id: "2" } },
      ]);
      expect(await dump(first.db, variant)).toEqual(rows);
      const result = await first.ondelete.restore(operation, { onConflict: "reparent" });
      expect(result.reparented).toEqual([
        { table: "p", relation: "p(top) -> top(id)", rows: 1, parent: null },
      ]);
      expect(await dump(first.db, variant)).toMatchObject({ p: ["1|∅|x"], c: ["1|1", "2|1"], d: ["1|1"] });
    });

    test("puts rows below the parent that is named, and says where that does not exist", async () => {
      const { ondelete, db } = await prepare(variant, fresh, SCHEMA);
      const operation = await done(ondelete, key("p", "1"));
      await done(ondelete, key("top", "1"));
      const wrong = await failure(
        ondelete.restore(operation, { onConflict: "reparent", parents: { top: "7" } }),
      );
      expect([wrong.code, wrong.message]).toEqual([
        "not-found",
        "No row of top has the key 7 to take in others.",
      ]);
      await ondelete.restore(operation, { onConflict: "reparent", parents: { top: "2" } });
      expect(await dump(db, variant)).toMatchObject({ top: ["2|two"], p: ["1|2|x"] });
    });

    test("leaves out a table that no longer fits, and what hangs off it", async () => {
      const { ondelete, operation, now } = await stage([
        "drop table d",
        "alter table c add must integer",
        "delete from c",
        "alter table c drop column must",
      ]);
      const result = await ondelete.restore(operation, { onConflict: "skip" });
      expect([result.state, result.skipped]).toEqual(["done", { d: 2 }]);
      expect((await now()).c).toEqual(["1|1", "2|1", "3|2"]);
    });
  });
});

describe("a soft delete that is taken back with conflicts", () => {
  eachVariant((variant, fresh) => {
    test("leaves deleted what is skipped, and what hangs off it", async () => {
      const { db, ondelete } = await prepare(
        variant,
        fresh,
        {
          tables: {
            p: { id: PK, gone: "timestamp null" },
            c: { id: PK, p: INT, gone: "timestamp null" },
          },
          fks: ["c(p) -> p(id) on delete cascade"],
          rows: {
            p: [
              [1, null],
              [2, null],
            ],
            c: [
              [1, 1, null],
              [2, 2, null],
            ],
          },
        },
        { tables: { p: { softDelete: "gone" }, c: { softDelete: "gone" } } },
      );
      const all = { table: "p", select: { kind: "condition", sql: "1 = 1" } } as const;
      const operation = await done(ondelete, all, { soft: true });
      await db.exec(["update p set gone = '2037-01-01 00:00:00' where id = 1"]);
      const result = await ondelete.restore(operation, { onConflict: "skip" });
      expect([result.state, result.updates, result.skipped]).toEqual([
        "done",
        { p: 1, c: 1 },
        { p: 1, c: 1 },
      ]);
      expect((await db.rows("select id from c where gone is null")).map((r) => r.id)).toEqual(["2"]);
    });
  });
});
