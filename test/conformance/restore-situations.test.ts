import { describe, expect, test } from "vitest";
import type { ConflictChoice } from "../../src/index.ts";
import { done, key, prepare } from "../support/act.ts";
import { type Dump, dump } from "../support/rows.ts";
import { eachVariant } from "../support/stages.ts";
import { familyOf } from "../support/story.ts";
import { resultOf, SCHEMA, SITUATIONS, type Situation } from "./restore-situations.ts";

const CHOICES: readonly ConflictChoice[] = ["stop", "skip", "rename", "reparent"];

/** How many rows p 1 has below it, itself included, and how many lose their reference to it. */
const DELETED = { p: 1, c: 3, d: 2 };
const NULLED = { n: 2 };

const less = (counts: Readonly<Record<string, number>>, skipped: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(counts)
      .map(([table, n]) => [table, n - (skipped[table] ?? 0)] as const)
      .filter(([, n]) => n > 0),
  );

describe("what happened between a delete and its restore", () => {
  eachVariant((variant, fresh) => {
    const meanwhileOf = ({ meanwhile }: Situation) =>
      "length" in meanwhile ? meanwhile : meanwhile[familyOf(variant)];
    const possible = SITUATIONS.filter((s) => meanwhileOf(s) !== undefined);

    test.for(possible)(
      "$title: reported before any write, and each choice does what it says",
      async (situation) => {
        for (const choice of CHOICES) {
          const { db, ondelete } = await prepare(variant, fresh, SCHEMA);
          const operation = await done(ondelete, key("p", "1"));
          await db.exec(meanwhileOf(situation) ?? []);
          const before = await dump(db, variant);
          const planned = await ondelete.planRestore(operation);
          const found = planned.conflicts.map((c) => [c.kind, c.table, c.rows, c.object]);
          const expected = situation.conflicts.map(([kind, table, rows, object]) => [
            kind,
            table,
            rows,
            object instanceof RegExp ? expect.stringMatching(object) : object,
          ]);
          expect(found).toEqual(expected);
          const result = resultOf(situation, choice);
          const restored = await ondelete.restore(operation, choice === "stop" ? {} : { onConflict: choice });
          expect([choice, restored.state]).toEqual([choice, result === "blocked" ? "blocked" : "done"]);
          const after = await dump(db, variant);
          if (result === "blocked") expect(after).toEqual(before);
          else {
            expect([choice, restored.skipped]).toEqual([choice, result.skipped]);
            expect(restored.inserts).toEqual(less(DELETED, result.skipped));
            expect(restored.updates).toEqual(less(NULLED, result.skipped));
            expect(sizes(after)).toEqual(sum(sizes(before), restored.inserts));
          }
        }
      },
    );
  });
});

const sizes = (rows: Dump) =>
  Object.fromEntries(Object.entries(rows).map(([table, list]) => [table, list.length]));

const sum = (counts: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).map(([table, n]) => [table, n + (more[table] ?? 0)]));
