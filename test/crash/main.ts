// npm run crash -- --engine sqlite --kills 200 --seed 1 [--write]
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CrashEngine } from "./crash-engine.ts";
import { crashEngines, variantOf } from "./engines.ts";
import { failAtStatements } from "./failpoints.ts";
import { killAtRandom } from "./kills.ts";
import { startRound, verbs } from "./round.ts";
import { large, scenarios } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    engine: { type: "string" },
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rows: { type: "string", default: "20000" },
    /** Interrupts at every so many statements; 0 leaves that part out. */
    stride: { type: "string", default: "1" },
    /** Keeps the results in test/golden/crash. */
    write: { type: "boolean", default: false },
  },
});
const bin = join(import.meta.dirname, "../../bin/ondelete");

async function failpoints(on: CrashEngine, setting: CrashEngine["settings"][number], stride: number) {
  const results = [];
  for (const scenario of scenarios.filter((s) => s.only === null || s.only === on.engine)) {
    const round = await startRound(on, scenario, setting.sql);
    for (const verb of verbs)
      for (const { name: way } of on.ways) {
        const result = await failAtStatements(round, { verb, way, stride });
        results.push({ log: setting.name, scenario: scenario.title, verb, way, ...result });
        console.log(`${on.engine}: ${JSON.stringify(results.at(-1))}`);
      }
    await round.db.drop();
  }
  return results;
}

async function kills(on: CrashEngine, setting: CrashEngine["settings"][number]) {
  const round = await startRound(on, large(Number(values.rows)), setting.sql);
  const { milliseconds, ...result } = await killAtRandom(round, {
    kills: Math.ceil(Number(values.kills) / on.settings.length),
    seed: Number(values.seed),
    command: [process.execPath, bin],
  });
  await round.db.drop();
  console.log(`${on.engine}: ${JSON.stringify({ log: setting.name, ...result, milliseconds })}`);
  if (result.within === 0) throw new Error("no kill met a change: this shows nothing");
  return { log: setting.name, rows: Number(values.rows), ...result };
}

for (const on of crashEngines.filter((e) => !values.engine || e.engine === values.engine)) {
  const { skip } = variantOf(on);
  if (skip !== null) {
    console.log(`${on.engine}: SKIPPED, because ${skip}`);
    continue;
  }
  const stride = Number(values.stride);
  const interrupted = [];
  const killed = [];
  for (const setting of on.settings) {
    if (stride > 0) interrupted.push(...(await failpoints(on, setting, stride)));
    if (Number(values.kills) > 0) killed.push(await kills(on, setting));
  }
  if (!values.write) continue;
  const folder = join(import.meta.dirname, "../golden/crash");
  mkdirSync(folder, { recursive: true });
  const found = {
    engine: on.engine,
    stride,
    failpoints: interrupted,
    seed: Number(values.seed),
    kills: killed,
  };
  writeFileSync(join(folder, `${on.engine}.json`), `${JSON.stringify(found, null, 2)}\n`);
}
