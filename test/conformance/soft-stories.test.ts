import { describe, expect, test } from "vitest";
import { type Config, open } from "../../src/index.ts";
import { smallStories } from "../stories/all.ts";
import { where } from "../support/act.ts";
import { plain, quote } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, dressed, leftOut, type Story } from "../support/story.ts";

const same = (name: string) => name;

/** The story's configuration, with a marker for every table. */
function softly(story: Story): Config {
  const config = story.config?.(same, same) ?? {};
  const tables = Object.keys(story.tables).map((t) => [
    t,
    { ...config.tables?.[t], softDelete: "ondelete_gone" },
  ]);
  return { ...config, tables: { ...config.tables, ...Object.fromEntries(tables) } };
}

/** A story that makes its tables itself has none that a marker can be added to. */
const STORIES = smallStories.filter((s) => s.root in s.tables);

describe("a soft delete selects the rows of a hard one, marks them, and is taken back", () => {
  eachVariant((variant, fresh) => {
    test.for(STORIES.filter((s) => leftOut(variant, s) === null))("$title", async (story) => {
      const db = await fresh();
      await build(db, variant, story, plain);
      await db.exec(
        Object.keys(story.tables).map((t) => `alter table ${quote(t)} add ondelete_gone timestamp null`),
      );
      const ondelete = await open(db.handle, softly(story));
      const target = where(story.root, dressed(story.where, plain));
      const [hard, soft] = [await ondelete.plan(target), await ondelete.plan(target, { soft: true })];
      expect(soft.deletes).toEqual(hard.deletes);
      expect(soft.inner).toEqual(hard.inner);
      if (hard.verdict === "allowed") expect(soft.blockers).toEqual([]);
      if (soft.verdict === "blocked") return;
      const before = await dump(db, variant);
      const outcome = await ondelete.delete(target, { soft: true });
      expect(outcome.deleted).toEqual(Object.fromEntries(hard.deletes.map((d) => [d.table, d.rows])));
      if (outcome.operation === null) return;
      for (const { table, rows } of hard.deletes) {
        const marked = await db.rows(`select 1 as one from ${quote(table)} where ondelete_gone is not null`);
        expect(marked).toHaveLength(rows);
      }
      expect((await ondelete.restore(outcome.operation)).conflicts).toEqual([]);
      expect(await dump(db, variant)).toEqual(before);
    });
  });
});
