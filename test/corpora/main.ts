// npm run corpora -- --engine postgres --rows 20 [--write]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { corpora, skipReason } from "./corpora.ts";
import { passes } from "./passes.ts";
import { provePass } from "./prove-corpus.ts";
import { shipped } from "./stage.ts";

const { values } = parseArgs({
  options: {
    engine: { type: "string" },
    /** So many rows of every table; `all` for all of them. */
    rows: { type: "string", default: "20" },
    pass: { type: "string" },
    /** Keeps the results in test/golden/corpora. */
    write: { type: "boolean", default: false },
  },
});
const rows = values.rows === "all" ? Number.POSITIVE_INFINITY : Number(values.rows);
let differences = 0;
for (const corpus of corpora.filter((c) => !values.engine || c.on.engine === values.engine)) {
  const reason = skipReason(corpus);
  if (reason !== null) {
    console.log(`${corpus.title}: SKIPPED, because ${reason}`);
    continue;
  }
  const catalog = await shipped(corpus);
  const results = [];
  for (const pass of passes.filter((p) => !values.pass || p.name.includes(values.pass))) {
    const result = await provePass(corpus, pass, { catalog, rows, largest: Number.POSITIVE_INFINITY });
    for (const difference of result.differences) console.error(difference);
    differences += result.differences.length;
    results.push({ ...result, differences: result.differences.length });
    console.log(`${corpus.title}: ${JSON.stringify(results.at(-1))}`);
  }
  if (!values.write) continue;
  const folder = join(import.meta.dirname, "../golden/corpora");
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify(
    { corpus: corpus.title, engine: corpus.on.engine, rowsOfEachTable: values.rows, passes: results },
    null,
    2,
  );
  writeFileSync(join(folder, `${corpus.on.engine}.json`), `${text}\n`);
}
process.exitCode = differences > 0 ? 1 : 0;
