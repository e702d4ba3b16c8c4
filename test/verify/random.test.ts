import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { type Case, cases, type ForeignKey } from "../fuzz/case.ts";
import { openDatabase } from "../fuzz/database.ts";
import { variants } from "../support/databases.ts";
import { lines } from "./tell.ts";

const RUNS = 25;

/** Schemas in which every column belongs to one constraint at most, so that none of them can contradict another. */
const plain = (c: Case): Case => {
  const used = new Set<string>();
  const takes = (f: ForeignKey) => {
    const names = f.columns.map((column) => `${f.child}.${column}`);
    const free = names.every((name) => !used.has(name)) && f.onDelete !== "set default";
    if (free) for (const name of names) used.add(name);
    return free;
  };
  const fks = c.fks.filter(takes);
  const isKey = (f: ForeignKey) =>
    c.tables.some((t) => t.name === f.child && f.columns.some((x) => t.key.includes(x)));
  return { ...c, fks: fks.filter((f) => !isKey(f)), tables: c.tables.map((t) => ({ ...t, rows: [] })) };
};

for (const variant of variants) {
  const { skip, engine } = variant;
  describe.skipIf(skip !== null)(skip === null ? variant.name : `${variant.name} (left out: ${skip})`, () => {
    test("of random schemas nothing is contradicted but rows that go together, whose order may decide", async () => {
      const db = await openDatabase(engine);
      let proven = 0;
      try {
        for (const wished of fc.sample(cases(), { numRuns: RUNS, seed: 20_001 })) {
          const c = db.possible(plain(wished));
          await db.load(c);
          const made = await (await open(db.handle)).verify();
          const wrong = lines(made, "contradicted").filter(
            (text) => !/^native .*, too: declared deleted/.test(text),
          );
          expect(wrong, JSON.stringify(c.fks, null, 1)).toEqual([]);
          proven += made.summary.proven;
        }
      } finally {
        await db.close();
      }
      // A test in which nothing could be tried would prove nothing.
      expect(proven).toBeGreaterThan(RUNS * 3);
    });
  });
}
