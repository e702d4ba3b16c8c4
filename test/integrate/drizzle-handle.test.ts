import { drizzle as onMysql } from "drizzle-orm/mysql2";
import { drizzle as onPostgres } from "drizzle-orm/node-postgres";
import { drizzle as onPglite } from "drizzle-orm/pglite";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { key } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, INT, PK, type Schema } from "../support/story.ts";

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: { p: [[1], [2]], c: [[1, 1]] },
};

interface DrizzleLike {
  transaction<T>(work: (tx: object) => Promise<T>): Promise<T>;
}

function drizzleOn({ engine }: Variant, { handle }: TestDatabase): DrizzleLike {
  if (engine === "mariadb") return onMysql({ client: handle as never });
  if (engine === "pglite") return onPglite({ client: handle as never });
  return onPostgres({ client: handle as never });
}

const DRIVERS = {
  engines: ["postgres", "pglite", "mariadb"],
  because: "Drizzle's drivers for SQLite are opened themselves",
} as const;

describe("a Drizzle database", () => {
  eachVariant((variant, fresh) => {
    const stage = async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      return { db, drizzle: drizzleOn(variant, db) };
    };

    test("is as good as the handle below it", async () => {
      const { db, drizzle } = await stage();
      const before = await dump(db, variant);
      const ondelete = await open(drizzle);
      const outcome = await ondelete.delete(key("p", "1"));
      expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 } });
      await ondelete.restore(outcome.operation ?? "");
      expect(await dump(db, variant)).toEqual(before);
    });

    test("has its transaction joined: rolled back, nothing of the delete is left", async () => {
      const { db, drizzle } = await stage();
      const own = await open(drizzle);
      const first = await own.delete(key("p", "2"));
      await own.restore(first.operation ?? "");
      const before = await dump(db, variant);
      const work = drizzle.transaction(async (tx) => {
        expect((await (await open(tx)).delete(key("p", "1"))).state).toBe("done");
        throw new Error("the application changes its mind");
      });
      await expect(work).rejects.toThrow("changes its mind");
      expect(await dump(db, variant)).toEqual(before);
      expect((await own.status()).operations).toHaveLength(1);
      await drizzle.transaction(async (tx) => {
        await (await open(tx)).delete(key("p", "1"));
      });
      expect(await dump(db, variant)).toEqual({ p: ["2"], c: [] });
    });
  }, DRIVERS);
});
