import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { corpora, scriptOf, skipReason, variantOf } from "../corpora/corpora.ts";

/** By corpus: a cell of its matrix, and what else its document has to hold. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  Chinook: [
    "11 tables, 11 relations",
    "| **Track** | BLOCKED |",
    "| AlbumId | INTEGER | yes | Album.AlbumId | NO ACTION |",
  ],
  Pagila: [
    "15 tables, 21 relations",
    "Partitions: payment_p2022_01, payment_p2022_02, payment_p2022_03,",
    "| film_actor | film_id | RESTRICT |",
    "## Indexes on foreign keys\n\n13 of 21 relations have an index",
  ],
  Sakila: ["16 tables, 22 relations", "| payment | rental_id | SET NULL |", "rental_id=NULL"],
};

for (const corpus of corpora) {
  const reason = skipReason(corpus);
  if (reason !== null) console.log(`corpus ${corpus.title}: SKIPPED, because ${reason}`);
  describe.skipIf(reason !== null)(corpus.title, () => {
    test("its document holds what is known of it, is the same when it is made again, and checks clean", async () => {
      const db = await variantOf(corpus).create();
      try {
        await corpus.on.load(db, scriptOf(corpus), new Map());
        const ondelete = await open(db.handle);
        const text = await ondelete.document({ format: "markdown" });
        for (const known of KNOWN[corpus.title] ?? []) expect(text).toContain(known);
        expect(await ondelete.document({ format: "markdown" })).toBe(text);
        const { contradicted, leftOut, notJudged, counts } = await ondelete.checkDocument(text);
        expect([contradicted, leftOut, notJudged]).toEqual([[], [], []]);
        expect(counts.judged).toBeGreaterThan(corpus.tables * 5);
      } finally {
        await db.drop();
      }
    });
  });
}
