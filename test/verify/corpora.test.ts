import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { corpora, scriptOf, skipReason, variantOf } from "../corpora/corpora.ts";
import { lines, reasons } from "./tell.ts";

/** How many experiments there are: each relation natively and through ondelete, and below cascades their cells. */
const EXPERIMENTS: Readonly<Record<string, number>> = { Chinook: 22, Pagila: 72, Sakila: 44 };

for (const corpus of corpora) {
  const reason = skipReason(corpus);
  describe.skipIf(reason !== null)(
    reason === null ? corpus.title : `${corpus.title} (left out: ${reason})`,
    () => {
      test.each([
        ["on the tables as they are", {}],
        ["in an empty copy", { scratch: true }],
      ])("every relation is proven, %s", async (_, options) => {
        const db = await variantOf(corpus).create();
        try {
          await corpus.on.load(db, scriptOf(corpus), new Map());
          const ondelete = await open(db.handle);
          const made = await ondelete.verify(options);
          expect([lines(made, "contradicted"), reasons(made)]).toEqual([[], []]);
          expect(made.summary.proven).toBe(EXPERIMENTS[corpus.title]);
          const { relations } = await ondelete.inspect();
          const proven = new Set(made.cells.map((c) => c.relation));
          expect(relations.filter((r) => !proven.has(r.id))).toEqual([]);
        } finally {
          await db.drop();
        }
      });
    },
  );
}
