import { describe, expect, test } from "vitest";
import type { Database } from "../../src/index.ts";
import { done, key, prepare } from "../support/act.ts";
import { dump } from "../support/rows.ts";
import { CONFIG, SCHEMA } from "../support/soft-schema.ts";
import { eachVariant } from "../support/stages.ts";
import { PK } from "../support/story.ts";

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
