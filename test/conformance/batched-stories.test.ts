import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { smallStories } from "../stories/all.ts";
import { where } from "../support/act.ts";
import { plain } from "../support/dress.ts";
import { dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { build, dressed, leftOut } from "../support/story.ts";

const name = (n: string) => n;

describe("a delete in batches, of whatever size, ends with the rows of one that is atomic, and is taken back", () => {
  eachVariant((variant, fresh) => {
    const stories = smallStories.filter(
      (s) => leftOut(variant, s) === null && s.plan.verdict !== "blocked" && s.plan.deletes.length > 0,
    );

    test.for(stories)("$title", async (story) => {
      const target = where(story.root, dressed(story.where, plain));
      const ends = [];
      for (const batch of [false, 1, 2, 5] as const) {
        const db = await fresh();
        await build(db, variant, story, plain);
        const ondelete = await open(db.handle, story.config?.(name, name));
        const before = await dump(db, variant);
        const { state, deleted, updated, operation } = await ondelete.delete(target, { batch });
        if (operation === null) {
          ends.push({ state });
          continue;
        }
        const after = await dump(db, variant);
        const restored = await ondelete.restore(operation);
        expect(restored.conflicts).toEqual([]);
        expect(await dump(db, variant)).toEqual(before);
        ends.push({ state, deleted: sorted(deleted), updated: sorted(updated), after });
        await ondelete.close();
      }
      const [atomic, ...batched] = ends;
      for (const end of batched) expect(end).toEqual(atomic);
    });
  });
});

const sorted = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort();
