// npm run fuzz -- --property deletes --cases 20000 --seed 1 --engine sqlite [--write]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    property: { type: "string", default: "deletes" },
    engine: { type: "string", default: "sqlite" },
    path: { type: "string" },
    /** Keeps the result in test/golden/fuzz. */
    write: { type: "boolean", default: false },
  },
});
/** What one process may remember of its cases stays small, and so does what dropped tables leave in a database. */
const CASES_PER_BATCH = 1_000;

const { engine, property } = values;
if (engine !== "sqlite" && engine !== "postgres" && engine !== "pglite" && engine !== "mariadb")
  throw new Error(`no such engine: ${engine}`);
if (property !== "deletes" && property !== "restores" && property !== "batches")
  throw new Error(`no such property: ${property}`);
const seed = Number(values.seed);
const total = Number(values.cases);
const started = Date.now();
let run = 0;
let failure: string | null = null;
const kinds: Record<string, number> = {};
const told: Record<string, number> = {};
const add = (sums: Record<string, number>, more: Readonly<Record<string, number>>) => {
  for (const [name, n] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + n;
};
// Each batch has a database and a seed of its own, the next number.
for (let batch = 0; run < total && failure === null; batch++) {
  const result = await fuzz({
    property,
    engine,
    cases: Math.min(CASES_PER_BATCH, total - run),
    seed: seed + batch,
    ...(values.path ? { path: values.path } : {}),
  });
  run += result.run;
  failure = result.failure;
  add(kinds, result.kinds);
  add(told, result.told);
}
if (failure) console.error(failure);
const counts = (by: Readonly<Record<string, number>>) =>
  Object.entries(by)
    .map(([name, n]) => `${n} ${name}`)
    .join(", ");
const seconds = Math.round((Date.now() - started) / 1000);
const differences = failure ? 1 : 0;
console.log(
  `${property} on ${engine}: ${run} cases from seed ${seed} (${counts(kinds)}), ${differences || "no"} difference, ${seconds} s; told: ${counts(told)}`,
);
if (values.write) {
  const folder = join(import.meta.dirname, "../golden/fuzz");
  mkdirSync(folder, { recursive: true });
  const batches = Math.ceil(run / CASES_PER_BATCH);
  const seeds = `${seed} to ${seed + batches - 1}, at most ${CASES_PER_BATCH} cases each`;
  const result = { property, engine, seeds, cases: run, differences, kinds, told, seconds };
  const name = property === "deletes" ? engine : `${property}-${engine}`;
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
process.exitCode = differences;
