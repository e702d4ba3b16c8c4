// npm run crash -- --engine sqlite --kills 200 --seed 1
import { join } from "node:path";
import { parseArgs } from "node:util";
import { crashEngines, variantOf } from "./engines.ts";
import { failAtStatements } from "./failpoints.ts";
import { killAtRandom } from "./kills.ts";
import { startRound } from "./round.ts";
import { large, scenarios } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    engine: { type: "string" },
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    rows: { type: "string", default: "20000" },
    /** Interrupts at every so many statements; 0 leaves that part out. */
    stride: { type: "string", default: "1" },
  },
});
const bin = join(import.meta.dirname, "../../bin/ondelete");
for (const on of crashEngines.filter((e) => !values.engine || e.engine === values.engine)) {
  const { skip } = variantOf(on);
  if (skip !== null) {
    console.log(`${on.engine}: SKIPPED, because ${skip}`);
    continue;
  }
  for (const setting of on.settings) {
    const label = `${on.engine}, ${setting.name}`;
    const stride = Number(values.stride);
    for (const scenario of stride > 0
      ? scenarios.filter((s) => s.only === null || s.only === on.engine)
      : []) {
      const round = await startRound(on, scenario, setting.sql);
      for (const verb of ["delete", "restore"] as const)
        for (const { name: way } of on.ways) {
          const result = await failAtStatements(round, { verb, way, stride });
          console.log(`${label}, ${scenario.title}, ${verb}, ${way}: ${JSON.stringify(result)}`);
        }
      await round.db.drop();
    }
    const kills = Math.ceil(Number(values.kills) / on.settings.length);
    if (kills === 0) continue;
    const round = await startRound(on, large(Number(values.rows)), setting.sql);
    const result = await killAtRandom(round, {
      kills,
      seed: Number(values.seed),
      command: [process.execPath, bin],
    });
    console.log(`${label}, ${kills} kills from seed ${values.seed}: ${JSON.stringify(result)}`);
    await round.db.drop();
  }
}
