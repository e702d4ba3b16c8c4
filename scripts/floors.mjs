// Checks the floors of src, or of another folder that holds a `src`: node scripts/floors.mjs [folder]
// dependency-cruiser passes without a word when it understands no TypeScript, so the modules that it saw are counted.
import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { cruise } from "dependency-cruiser";
import extractTsConfig from "dependency-cruiser/config-utl/extract-ts-config";

const home = resolve(import.meta.dirname, "..");
const folder = resolve(process.argv[2] ?? home);
const { forbidden, options } = createRequire(import.meta.url)(join(home, ".dependency-cruiser.cjs"));

const files = globSync("src/**/*.ts", { cwd: folder }).sort();
const result = await cruise(
  ["src"],
  { ...options, tsConfig: undefined, baseDir: folder, ruleSet: { forbidden, options }, validate: true },
  {},
  { tsConfig: extractTsConfig(join(home, "tsconfig.json")) },
);
const { modules, summary } = result.output;
const seen = modules.map((module) => module.source).filter((source) => files.includes(source));
const missed = files.filter((file) => !seen.includes(file));
// A module without a dependency can be right, a tree without one cannot: then nothing was parsed.
const edges = modules.flatMap((module) => module.dependencies).length;
const imports = files.some((file) =>
  /^import\b|^export .* from /m.test(readFileSync(join(folder, file), "utf8")),
);

for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
for (const file of missed) console.error(`not seen: ${file}`);
if (imports && edges === 0)
  console.error("no import was seen; does dependency-cruiser understand this TypeScript?");
const failed = summary.error > 0 || missed.length > 0 || files.length === 0 || (imports && edges === 0);
console.log(
  `floors: ${seen.length} of ${files.length} modules, ${edges} imports, ${summary.violations.length} violations`,
);
process.exitCode = failed ? 1 : 0;
