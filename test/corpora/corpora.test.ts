import { describe, expect, test } from "vitest";
import { Reference } from "./changes.ts";
import { type Corpus, corpora, scriptOf, skipReason, variantOf } from "./corpora.ts";
import { passes } from "./passes.ts";
import { provePass } from "./prove-corpus.ts";
import { shipped } from "./stage.ts";

for (const corpus of corpora) {
  const reason = skipReason(corpus);
  if (reason !== null) console.log(`corpus ${corpus.title}: SKIPPED, because ${reason}`);
  const title = reason === null ? corpus.title : `${corpus.title} (left out: ${reason})`;
  describe.skipIf(reason !== null)(title, () => suite(corpus));
}

function suite(corpus: Corpus): void {
  const catalog = memoized(() => shipped(corpus));

  test("the corpus is the one that is known, and no trigger acts on one way to delete only", async () => {
    const { tables, edges } = await catalog();
    expect([tables.length, edges.length]).toEqual([corpus.tables, corpus.foreignKeys]);
    expect(tables.filter((t) => t.deleteTrigger).map((t) => t.name)).toEqual(corpus.oneWayTriggers);
    expect(edges.filter((e) => e.action === "cascade")).toEqual([]);
  });

  test("a changed row, a lost one and a new one are seen by the comparison", async () => {
    const db = await variantOf(corpus).create();
    try {
      await corpus.on.load(db, scriptOf(corpus), new Map());
      const reference = await Reference.take(corpus.on, await catalog(), db);
      expect(reference.size).toBe(corpus.rows);
      expect(await reference.changes(db)).toEqual({});
      await db.exec(corpus.tamper.sql);
      expect(await reference.changes(db)).toEqual(corpus.tamper.seen);
    } finally {
      await db.drop();
    }
  });

  test.for(passes)("$name: plan, delete and restore are what engine and rows say", async (pass) => {
    const { shipped: some, altered, largest } = corpus.sample;
    const options = { catalog: await catalog(), rows: pass.indexed ? altered : some, largest };
    const result = await provePass(corpus, pass, options);
    expect(result.differences).toEqual([]);
    expect(result.tables).toBeGreaterThan(corpus.tables * 0.7);
    const whole = pass.name.startsWith("cascades by");
    const refuses = pass.name === "as shipped" || pass.name.endsWith("RESTRICT and NO ACTION");
    const cycles = pass.by === "application" && !corpus.on.deletesCycles;
    if (!cycles) expect(result.blocked > 0).toBe(refuses);
    expect(result.allowed).toBeGreaterThan(4);
    expect(result.deletedRows).toBeGreaterThan(whole ? 100 : 4);
  });
}

function memoized<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
