import fc from "fast-check";
import { expect, test } from "vitest";
import { type Documentation, open, type Plan } from "../../src/index.ts";
import { type Case, cases } from "../fuzz/case.ts";
import { condition, openDatabase } from "../fuzz/database.ts";
import { eachVariant } from "../support/stages.ts";

const RUNS = 100;

/** What a plan does that the matrix does not foretell, and how many things it does. */
function unforeseen(plan: Plan, { cells }: Documentation, { target }: Case) {
  const cell = (table: string) => cells[table]?.[target];
  const has = (table: string, effects: readonly string[]) =>
    (cell(table)?.effect ?? []).some((e) => effects.includes(e));
  const SETS = { null: ["set null"], default: ["set default"], cascade: ["set null", "set default"] };
  const told = [
    ...plan.deletes
      .filter((d) => d.table !== target)
      .map((d) => [d.table, has(d.table, ["deleted"])] as const),
    ...plan.updates.map(
      (u) =>
        [
          u.relation,
          has(u.table, SETS[u.set]) && u.columns.every((c) => cell(u.table)?.columns.includes(c)),
        ] as const,
    ),
    ...plan.blockers
      .filter((b) => ["restrict", "no-action", "not-null"].includes(b.reason))
      .map((b) => [b.relation, has(b.table, ["blocks"])] as const),
  ];
  return { effects: told.length, missing: told.filter(([, known]) => !known).map(([what]) => what) };
}

eachVariant(({ engine }) => {
  test("whatever a plan does on random rows, the delete matrix has foretold it", async () => {
    const db = await openDatabase(engine);
    const ondelete = await open(db.handle);
    let effects = 0;
    for (const wished of fc.sample(cases(), { numRuns: RUNS, seed: 11 })) {
      const c = db.possible(wished);
      if (c.roots.length === 0) continue;
      await db.load(c);
      const target = { table: c.target, select: { kind: "condition", sql: condition(c) } } as const;
      const found = unforeseen(await ondelete.plan(target), await ondelete.document(), c);
      expect(found.missing, JSON.stringify(c.fks)).toEqual([]);
      effects += found.effects;
    }
    await db.close();
    expect(effects).toBeGreaterThan(20);
  });
});
