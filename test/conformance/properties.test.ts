import { describe, expect, test } from "vitest";
import { checkPolicy } from "../../src/config/check-policy.ts";
import { resolvePolicy } from "../../src/config/resolve-policy.ts";
import { openEngine } from "../../src/connect/open-engine.ts";
import { open, type Plan } from "../../src/index.ts";
import { planDelete } from "../../src/plan/plan.ts";
import { smallStories } from "../stories/all.ts";
import { where } from "../support/act.ts";
import { plain, quote } from "../support/dress.ts";
import { eachVariant } from "../support/stages.ts";
import { build, dressed, familyOf, leftOut, type Story } from "../support/story.ts";

const target = (story: Story, condition = story.where) => where(story.root, dressed(condition, plain));

/**
 * Without the statements: they read other row sets, and scratch tables are filled by statements of their own. And
 * without what a bare DELETE does now: that is the one thing that may depend on how the constraints were made.
 */
const withoutSql = ({ steps, native, ...plan }: Plan) => ({
  ...plan,
  steps: steps.filter((s) => s.kind !== "select").map((s) => [s.table, s.kind, s.rows]),
});

describe("a plan does not depend on", () => {
  eachVariant((variant, fresh) => {
    const stories = smallStories.filter((s) => leftOut(variant, s) === null);
    const name = (n: string) => n;

    test.for(stories)("joins or scratch tables: $title", async (story) => {
      const db = await fresh();
      await build(db, variant, story, plain);
      const engine = await openEngine(db.handle);
      const rules = resolvePolicy(story.config?.(name, name) ?? {});
      const model = await engine.readModel({ journal: rules.journal });
      checkPolicy(rules, model);
      const context = { engine, model, policy: rules };
      const joins = await planDelete(context, { target: target(story) });
      const scratch = await planDelete(context, { target: target(story), scratch: true });
      expect(withoutSql(scratch)).toEqual(withoutSql(joins));
    });

    test.for(stories.filter((s) => s.fks.length > 1))(
      "the order in which constraints were made: $title",
      async (story) => {
        const plans: Plan[] = [];
        for (const fks of [story.fks, [...story.fks].reverse()]) {
          const db = await fresh();
          await build(db, variant, { ...story, fks }, plain);
          plans.push(await (await open(db.handle, story.config?.(name, name))).plan(target(story)));
        }
        const [first, second] = plans as [Plan, Plan];
        expect({ ...withoutSql(second), nativeVerdict: null }).toEqual({
          ...withoutSql(first),
          nativeVerdict: null,
        });
      },
    );

    test.for(stories)("a table, a row, an index that has nothing to do with it: $title", async (story) => {
      const db = await fresh();
      await build(db, variant, story, plain);
      const ondelete = await open(db.handle, story.config?.(name, name));
      const before = await ondelete.plan(target(story));
      const parent = story.root;
      const entries = {
        sqlite: "1 + 1",
        postgres: "(1 + 1)",
        mariadb: quote(Object.keys(story.tables[parent] ?? { id: "" })[0] ?? ""),
      };
      const indexed = entries[familyOf(variant)];
      await db.exec([
        "create table unrelated (id integer primary key, other integer)",
        "insert into unrelated values (1, 1)",
        "create index unrelated_other on unrelated (other)",
        `create index root_index on "${parent}" (${indexed})`,
      ]);
      expect(await ondelete.plan(target(story))).toEqual(before);
    });

    test.for(stories.filter((s) => s.plan.deletes.length > 0 && s.tables[s.root]?.id))(
      "being alone: plan(A or B) contains plan(A): $title",
      async (story) => {
        const db = await fresh();
        await build(db, variant, story, plain);
        const ondelete = await open(db.handle, story.config?.(name, name));
        const one = await ondelete.plan(target(story));
        const both = await ondelete.plan(
          target(
            story,
            `(${story.where}) or [id] = (select [id] from [${story.root}] order by [id] desc limit 1)`,
          ),
        );
        for (const { table, rows, depth } of one.deletes) {
          const same = both.deletes.find((d) => d.table === table);
          expect(same?.rows).toBeGreaterThanOrEqual(rows);
          expect(same?.depth).toBeLessThanOrEqual(depth);
        }
      },
    );
  });
});
