import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { sql } from "../../src/source/sql/sql.ts";
import { corpora, scriptOf, skipReason, variantOf } from "../corpora/corpora.ts";
import { expectNoDrift, expectSame, readBoth } from "./same-model.ts";

const TABLES: Readonly<Record<string, number>> = { Chinook: 11, Pagila: 22, Sakila: 16 };

describe.each(corpora)("the script of $title", (corpus) => {
  const reason = skipReason(corpus);
  test.skipIf(reason !== null)(`says the same as the database that it makes ${reason ?? ""}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "ondelete-corpus-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "corpus.sql");
    await writeFile(file, scriptOf(corpus));
    const stage = await variantOf(corpus).create();
    try {
      await corpus.on.load(stage, scriptOf(corpus), new Map());
      const both = await readBoth(stage, sql(file));
      expectSame(both);
      expect(both.schema.tables).toHaveLength(TABLES[corpus.title] ?? 0);
      await expectNoDrift(stage, sql(file));
    } finally {
      await stage.drop();
    }
  });
});
