import type { DatabaseSync } from "node:sqlite";
import type { PGlite } from "@electric-sql/pglite";
import type { Pool } from "pg";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { done, failure, key, prepare } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { dump } from "../support/rows.ts";
import { openSession, type Session } from "../support/sessions.ts";
import { eachVariant } from "../support/stages.ts";
import { INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT }, a: { id: PK, b: INT }, b: { id: PK, a: INT } },
  fks: [
    "c(p) -> p(id) on delete cascade",
    "b(a) -> a(id) on delete cascade",
    "a(b) -> b(id) on delete restrict",
  ],
  rows: {
    p: [[1], [2], [3]],
    c: [
      [1, 1],
      [2, 2],
    ],
    a: [[1, 1]],
    b: [[1, 1]],
  },
};

/** Runs work in a transaction of the application's, which it then commits or rolls back. */
async function inTransaction(
  db: TestDatabase,
  variant: Variant,
  end: "commit" | "rollback",
  work: (handle: object) => Promise<void>,
  isolation = "",
): Promise<void> {
  if (variant.engine === "pglite") {
    await (db.handle as PGlite).transaction(async (tx) => {
      await work(tx);
      if (end === "rollback") await tx.rollback();
    });
    return;
  }
  if (variant.engine === "mariadb") return inSession(await openSession(db, variant), end, work, isolation);
  const handle =
    variant.engine === "sqlite" ? (db.handle as DatabaseSync) : await (db.handle as Pool).connect();
  const run = async (sql: string) => void ("prepare" in handle ? handle.exec(sql) : await handle.query(sql));
  try {
    await run("begin");
    await work(handle);
    await run(end);
  } catch (error) {
    await run("rollback");
    throw error;
  } finally {
    if ("release" in handle) handle.release();
  }
}

const run = async (handle: object, sql: string): Promise<void> => {
  if ("exec" in handle) await (handle as PGlite | DatabaseSync).exec(sql);
  else await (handle as { query(sql: string): Promise<unknown> }).query(sql);
};

async function inSession(
  session: Session,
  end: "commit" | "rollback",
  work: (handle: object) => Promise<void>,
  isolation: string,
): Promise<void> {
  if (isolation !== "") await session.run(`set session transaction isolation level ${isolation}`);
  await session.run("begin");
  await work(session.handle);
  await session.run(end);
  await session.end();
}

describe("in a transaction of the caller's", () => {
  eachVariant((variant, fresh) => {
    for (const target of [key("p", "1"), key("a", "1")]) {
      test(`a rollback undoes the delete of ${target.table}, its journal included`, async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        await done(ondelete, key("p", "3"));
        const [before, journal] = [await dump(db, variant), await ondelete.status()];
        await inTransaction(db, variant, "rollback", async (handle) => {
          const joined = await open(handle);
          await done(joined, target);
          expect((await joined.status()).operations).toHaveLength(2);
        });
        expect(await dump(db, variant)).toEqual(before);
        expect(await ondelete.status()).toEqual(journal);
      });

      test(`a commit keeps the delete of ${target.table}, and it can be restored`, async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        await done(ondelete, key("p", "3"));
        const before = await dump(db, variant);
        let operation = "";
        await inTransaction(db, variant, "commit", async (handle) => {
          operation = await done(await open(handle), target);
        });
        expect(await dump(db, variant)).not.toEqual(before);
        await ondelete.restore(operation);
        expect(await dump(db, variant)).toEqual(before);
      });
    }

    test("a restore is undone by a rollback too", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      const operation = await done(ondelete, key("p", "1"));
      const after = await dump(db, variant);
      await inTransaction(db, variant, "rollback", async (handle) => {
        expect((await (await open(handle)).restore(operation)).state).toBe("done");
      });
      expect(await dump(db, variant)).toEqual(after);
      expect((await ondelete.restore(operation)).state).toBe("done");
    });

    test("the caller's own uncommitted rows are seen", async () => {
      const { db } = await prepare(variant, fresh, SCHEMA);
      await inTransaction(db, variant, "rollback", async (handle) => {
        const joined = await open(handle);
        await run(handle, "insert into c values (9, 1)");
        expect((await joined.plan(key("p", "1"))).totals.deleted).toBe(3);
      });
    });

    test("without a journal it is refused, and the transaction can go on", async () => {
      const { db } = await prepare(variant, fresh, SCHEMA);
      const before = await dump(db, variant);
      await inTransaction(db, variant, "commit", async (handle) => {
        const joined = await open(handle);
        const error = await failure(joined.delete(key("p", "1")));
        expect([error.code, error.exitCode]).toEqual(["journal-missing", 3]);
        expect((await joined.plan(key("p", "1"))).totals.deleted).toBe(2);
      });
      expect(await dump(db, variant)).toEqual(before);
    });

    test("neither a plan nor a delete that is refused, scratch tables and all, commits what the caller has written", async () => {
      const { db } = await prepare(variant, fresh, SCHEMA);
      const before = await dump(db, variant);
      await inTransaction(db, variant, "rollback", async (handle) => {
        const joined = await open(handle);
        await run(handle, "insert into c values (9, 1)");
        // Tables that reference each other take scratch tables.
        expect((await joined.plan(key("a", "1"))).totals.deleted).toBe(2);
        for (const target of [key("a", "1"), key("p", "1")])
          expect((await failure(joined.delete(target))).code).toBe("journal-missing");
      });
      expect(await dump(db, variant)).toEqual(before);
    });

    test("a failure inside it leaves the caller's transaction usable and ours undone", async () => {
      const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
      await done(ondelete, key("p", "3"));
      const before = await dump(db, variant);
      await inTransaction(db, variant, "commit", async (handle) => {
        const joined = await open(handle);
        expect((await failure(joined.delete(key("p", "1"), { expectRows: 99 }))).code).toBe("plan-changed");
        expect((await joined.plan(key("p", "1"))).totals.deleted).toBe(2);
      });
      expect(await dump(db, variant)).toEqual(before);
    });

    test.skipIf(variant.engine === "sqlite")(
      "READ COMMITTED gives a plan that warns of having no snapshot (not on SQLite, whose transactions all have one)",
      async () => {
        const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
        await inTransaction(
          db,
          variant,
          "rollback",
          async (handle) => {
            const plan = await (await open(handle)).plan(key("p", "1"));
            expect(plan.warnings.map((w) => w.code)).toContain("no-snapshot");
          },
          "read committed",
        );
        expect((await ondelete.plan(key("p", "1"))).warnings.map((w) => w.code)).not.toContain("no-snapshot");
      },
    );
  });
});
