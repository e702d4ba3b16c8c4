// npm run fuzz -- --cases 20000 --seed 1 --engine sqlite
import { parseArgs } from "node:util";
import { natives } from "./check.ts";
import { fuzz } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "1000" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    engine: { type: "string", default: "sqlite" },
    path: { type: "string" },
  },
});
const engine = values.engine;
if (engine !== "sqlite" && engine !== "postgres" && engine !== "pglite" && engine !== "mariadb")
  throw new Error(`no such engine: ${engine}`);
const started = Date.now();
const result = await fuzz({
  engine,
  cases: Number(values.cases),
  seed: Number(values.seed),
  ...(values.path ? { path: values.path } : {}),
});
if (result.failure) console.error(result.failure);
const kinds = Object.entries(result.kinds)
  .map(([kind, n]) => `${n} ${kind}`)
  .join(", ");
console.log(
  `${engine}: ${result.run} cases from seed ${values.seed} (${kinds}), ${result.failure ? "1 difference" : "no difference"}, ${Math.round((Date.now() - started) / 1000)} s`,
);
console.log(
  `bare DELETE: ${Object.entries(natives)
    .map(([kind, n]) => `${n} ${kind}`)
    .join(", ")}`,
);
process.exitCode = result.failure ? 1 : 0;
