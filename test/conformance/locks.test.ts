import { describe, expect, test } from "vitest";
import { done, failure, key, prepare } from "../support/act.ts";
import type { Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, n: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade", "n(p) -> p(id) on delete set null"],
  rows: {
    p: [[1], [2]],
    c: [
      [1, 1],
      [2, 2],
    ],
    n: [
      [1, 1],
      [2, 2],
    ],
  },
};
/** MariaDB counts in seconds. */
const waitOf = (variant: Variant) => (variant.engine === "mariadb" ? 1_000 : 300);

/** What another session holds: the whole database on SQLite, rows elsewhere. */
const HELD = ["p", "c", "n"].map((table) => ({
  table,
  rows: `select * from ${table} where id = 1 for update`,
  sqlite: `update ${table} set id = id where id = 1`,
}));

describe("a lock that is not had in time", () => {
  eachVariant(
    (variant, fresh) => {
      const WAIT = waitOf(variant);

      test.for(HELD)("on $table ends a delete with code locked, and nothing changed", async (held) => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA, { limits: { lockTimeoutMs: WAIT } });
        await done(ondelete, key("p", "2"));
        const before = await dump(db, variant);
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run(variant.engine === "sqlite" ? held.sqlite : held.rows);
        const started = Date.now();
        const error = await failure(ondelete.delete(key("p", "1")));
        const waited = Date.now() - started;
        expect([error.code, error.exitCode]).toEqual(["locked", 4]);
        expect(waited).toBeGreaterThanOrEqual(WAIT - 50);
        expect(waited).toBeLessThan(WAIT + 3_000);
        await other.run("rollback");
        await other.end();
        expect(await dump(db, variant)).toEqual(before);
        expect((await ondelete.status()).operations).toHaveLength(1);
        expect((await ondelete.delete(key("p", "1"))).state).toBe("done");
      });

      test("a plan needs none", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA, { limits: { lockTimeoutMs: WAIT } });
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run("update p set id = id");
        expect((await ondelete.plan(key("p", "1"))).totals.deleted).toBe(2);
        await other.run("rollback");
        await other.end();
      });

      test("a child that another session inserts and commits while the delete waits is seen", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        const plan = await ondelete.plan(key("p", "1"));
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run("insert into c values (9, 1)");
        if (variant.engine === "sqlite") await other.run("commit");
        const deleting = failure(ondelete.delete(plan));
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (variant.engine !== "sqlite") await other.run("commit");
        expect((await deleting).code).toBe("plan-changed");
        await other.end();
        expect((await dump(db, variant)).c).toEqual(["1|1", "2|2", "9|1"]);
      });

      test("a root that another session deletes while the delete waits is not found", async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        await done(ondelete, key("p", "2"));
        const other = await openSession(db, variant);
        await other.run("begin");
        await other.run("delete from p where id = 1");
        if (variant.engine === "sqlite") await other.run("commit");
        const deleting = failure(ondelete.delete(key("p", "1")));
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (variant.engine !== "sqlite") await other.run("commit");
        expect((await deleting).code).toBe("not-found");
        await other.end();
        expect((await ondelete.status()).operations).toHaveLength(1);
        expect(await dump(db, variant)).toEqual({ p: [], c: [], n: ["1|∅", "2|∅"] });
      });
    },
    {
      engines: ["sqlite", "postgres", "mariadb"],
      because: "PGlite has one session only (capability concurrentSessions)",
    },
  );
});
