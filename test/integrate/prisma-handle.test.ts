import { describe, expect, test } from "vitest";
import { open, type Plan } from "../../src/index.ts";
import { smallStories } from "../stories/all.ts";
import { failure, key, where } from "../support/act.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, dressed, leftOut } from "../support/story.ts";
import { PRISMA_DRIVERS, prismaOn } from "./prisma-client.ts";
import { SCHEMA } from "./schema.ts";

const same = (name: string) => name;

/** What a plan says, the time that its scratch tables take names from aside. */
const said = ({ steps, ...plan }: Plan) => ({ ...plan, steps: steps.map((s) => [s.table, s.kind, s.rows]) });

test("a client of Prisma 6 is refused", async () => {
  const asked = () => expect.unreachable("nothing is asked of it");
  const client = {
    $queryRawUnsafe: asked,
    $executeRawUnsafe: asked,
    $transaction: asked,
    _activeProvider: "postgresql",
    _clientVersion: "6.19.0",
  };
  const refused = await failure(open(client as object));
  expect([refused.code, refused.message]).toEqual([
    "unsupported",
    "ondelete cannot use a client of Prisma 6.19.0.",
  ]);
  expect(refused.hint).toContain("Take Prisma 7");
});

describe("a Prisma client is as good as a pool on its database", () => {
  eachVariant((variant, fresh) => {
    test.for(smallStories.filter((s) => leftOut(variant, s) === null))("$title", async (story) => {
      const db = await fresh();
      await build(db, variant, story, plain);
      const prisma = prismaOn(variant, db);
      try {
        const config = story.config?.(same, same);
        // Names in double quotes are for the sessions of the test's own pool.
        const quote = variant.engine === "mariadb" ? "`" : '"';
        const target = where(story.root, dressed(story.where, plain).replaceAll('"', quote));
        const own = await open(prisma, config);
        const plan = await own.plan(target);
        // By its address: MariaDB spells CHECKs by the settings of the session, which are the test's own in its pool.
        const other = await open(db.url, config);
        expect(said(plan)).toEqual(said(await other.plan(target)));
        await other.close();
        if (plan.verdict === "blocked") return;
        const before = await dump(db, variant);
        const outcome = await own.delete(plan);
        if (outcome.operation === null) return;
        expect((await own.restore(outcome.operation)).conflicts).toEqual([]);
        expect(await dump(db, variant)).toEqual(before);
      } finally {
        await prisma.$disconnect();
      }
    });

    test("tells what the server said where a statement fails", async () => {
      const db = await fresh();
      await build(db, variant, SCHEMA, plain);
      const prisma = prismaOn(variant, db);
      try {
        const own = await open(prisma);
        const refused = await failure(own.plan(where("project", "no_such_column = 1")));
        expect(refused.message).toMatch(variant.engine === "postgres" ? /does not exist/ : /Unknown column/);
        expect((await own.plan(key("project", "1"))).totals.deleted).toBe(4);
      } finally {
        await prisma.$disconnect();
      }
    });
  }, PRISMA_DRIVERS);
});
