// npm run fuzz -- --cases 20000 --seed 1 --engine sqlite [--write]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    engine: { type: "string", default: "sqlite" },
    path: { type: "string" },
    /** Keeps the result in test/golden/fuzz. */
    write: { type: "boolean", default: false },
  },
});
const { engine } = values;
if (engine !== "sqlite" && engine !== "postgres" && engine !== "pglite" && engine !== "mariadb")
  throw new Error(`no such engine: ${engine}`);
const seed = Number(values.seed);
const started = Date.now();
const { run, kinds, foretold, failure } = await fuzz({
  engine,
  cases: Number(values.cases),
  seed,
  ...(values.path ? { path: values.path } : {}),
});
if (failure) console.error(failure);
const counts = (by: Readonly<Record<string, number>>) =>
  Object.entries(by)
    .map(([name, n]) => `${n} ${name}`)
    .join(", ");
const seconds = Math.round((Date.now() - started) / 1000);
const differences = failure ? 1 : 0;
console.log(
  `${engine}: ${run} cases from seed ${seed} (${counts(kinds)}), ${differences || "no"} difference, ${seconds} s; bare DELETE: ${counts(foretold)}`,
);
if (values.write) {
  const folder = join(import.meta.dirname, "../golden/fuzz");
  mkdirSync(folder, { recursive: true });
  const result = { engine, seed, cases: run, differences, kinds, foretold, seconds };
  writeFileSync(join(folder, `${engine}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
process.exitCode = differences;
