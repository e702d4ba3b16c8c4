import { CamelCasePlugin, Kysely, MysqlDialect, PostgresDialect } from "kysely";
import type { Pool as MyPool } from "mysql2/promise";
import type pg from "pg";
import { describe, expect, test } from "vitest";
import { open, type Plan } from "../../src/index.ts";
import { smallStories } from "../stories/all.ts";
import { failure, key, where } from "../support/act.ts";
import type { TestDatabase, Variant } from "../support/databases.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, dressed, INT, leftOut, PK, type Schema } from "../support/story.ts";

const SERVERS = {
  engines: ["postgres", "mariadb"],
  because: "its driver is opened itself, without Kysely around it",
} as const;

// biome-ignore lint/suspicious/noExplicitAny: tables of any shape
type Any = any;

/** A Kysely on the test's pool, with a plugin that renames the columns of results. */
function kyselyOn(variant: Variant, { handle }: TestDatabase): Kysely<Any> {
  const dialect =
    variant.engine === "mariadb"
      ? new MysqlDialect({ pool: (handle as MyPool).pool as Any })
      : new PostgresDialect({ pool: handle as pg.Pool });
  return new Kysely<Any>({ dialect, plugins: [new CamelCasePlugin()] });
}

const SCHEMA: Schema = {
  tables: { p: { id: PK }, c: { id: PK, p: INT } },
  fks: ["c(p) -> p(id) on delete cascade"],
  rows: { p: [[1], [2]], c: [[1, 1]] },
};

const same = (name: string) => name;

/** What a plan says, the time that its scratch tables take names from aside. */
const said = ({ steps, ...plan }: Plan) => ({ ...plan, steps: steps.map((s) => [s.table, s.kind, s.rows]) });

describe("a Kysely is as good as the pool below it", () => {
  eachVariant((variant, fresh) => {
    test.for(smallStories.filter((s) => leftOut(variant, s) === null))("$title", async (story) => {
      const db = await fresh();
      await build(db, variant, story, plain);
      const config = story.config?.(same, same);
      const target = where(story.root, dressed(story.where, plain));
      const kysely = await open(kyselyOn(variant, db), config);
      const plan = await kysely.plan(target);
      expect(said(plan)).toEqual(said(await (await open(db.handle, config)).plan(target)));
      if (plan.verdict === "blocked") return;
      const before = await dump(db, variant);
      const outcome = await kysely.delete(plan);
      if (outcome.operation === null) return;
      expect((await kysely.restore(outcome.operation)).conflicts).toEqual([]);
      expect(await dump(db, variant)).toEqual(before);
    });
  }, SERVERS);
});

describe("verify through a Kysely", () => {
  eachVariant((variant, fresh) => {
    test("proves every relation, and takes all rows back", async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const before = await dump(db, variant);
      const verification = await (await open(kyselyOn(variant, db))).verify();
      expect(verification.cells.map((c) => [c.relation, c.path, c.observed, c.verdict])).toEqual([
        ["c(p) -> p(id)", "native", "deleted", "proven"],
        ["c(p) -> p(id)", "ondelete", "deleted", "proven"],
      ]);
      expect(await dump(db, variant)).toEqual(before);
    });
  }, SERVERS);
});

describe("a Kysely transaction", () => {
  eachVariant((variant, fresh) => {
    /** A journal can only be made outside of a transaction. */
    const stage = async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const kysely = kyselyOn(variant, db);
      const own = await open(kysely);
      const first = await own.delete(key("p", "2"));
      await own.restore(first.operation ?? "");
      return { db, kysely, own };
    };

    test("is joined: rolled back, nothing of the delete is left, its journal included", async () => {
      const { db, kysely, own } = await stage();
      const before = await dump(db, variant);
      const undone = kysely.transaction().execute(async (trx) => {
        const outcome = await (await open(trx)).delete(key("p", "1"));
        expect(outcome).toMatchObject({ state: "done", deleted: { p: 1, c: 1 } });
        expect(await trx.selectFrom("p").selectAll().execute()).toHaveLength(1);
        throw new Error("the application changes its mind");
      });
      await expect(undone).rejects.toThrow("changes its mind");
      expect(await dump(db, variant)).toEqual(before);
      expect((await own.status()).operations.map((o) => o.state)).toEqual(["restored"]);
    });

    test("is joined: committed, the delete is there, and what fails in it leaves it usable", async () => {
      const { db, kysely } = await stage();
      await kysely.transaction().execute(async (trx) => {
        const joined = await open(trx);
        expect((await failure(joined.delete(key("p", "1"), { expectRows: 7 }))).code).toBe("plan-changed");
        await trx.insertInto("p").values({ id: 3 }).execute();
        await joined.delete(key("p", "3"));
        await joined.delete(key("p", "1"));
      });
      expect(await dump(db, variant)).toEqual({ p: ["2"], c: [] });
    });
  }, SERVERS);
});
