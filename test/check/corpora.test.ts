import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { open } from "../../src/index.ts";
import { type Corpus, corpora, scriptOf, skipReason, variantOf } from "../corpora/corpora.ts";

/** The rows of the table: severity, rule, object, and what a person who looked at it says. */
function judged({ title }: Corpus): readonly (readonly string[])[] {
  const file = join(import.meta.dirname, `../golden/check/${title.toLowerCase()}.md`);
  const rows = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(2, -2).split(" | "));
  return rows.slice(2);
}

describe.each(corpora)("the findings in $title", (corpus) => {
  const reason = skipReason(corpus);
  test.skipIf(reason !== null)(
    `are those that were looked at, and no error among them is wrong ${reason ?? ""}`,
    async () => {
      const stage = await variantOf(corpus).create();
      try {
        await corpus.on.load(stage, scriptOf(corpus), new Map());
        const db = await open(stage.handle);
        const { findings, summary } = await db.check({ data: true });
        const expected = judged(corpus);
        expect(findings.map((f) => [f.severity, f.rule, f.object])).toEqual(
          expected.map((row) => row.slice(0, 3)),
        );
        expect(expected.filter((row) => !/^right\b/.test(row[3] ?? ""))).toEqual([]);
        // No code is compared here, and no migration.
        expect(summary.skipped.filter((s) => s.because !== "not-here" && s.because !== "wants")).toEqual([]);
      } finally {
        await stage.drop();
      }
    },
  );
});
