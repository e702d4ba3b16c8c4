// Tells the story of every system, one after the other, each in a process of its own: node systems/demo.ts
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const systems = readdirSync(here).filter((name) => existsSync(join(here, name, "demo.ts")));
for (const name of systems) {
  console.log(`\n=== ${name} ===\n`);
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [join(here, name, "demo.ts")], { stdio: "inherit" });
  console.log(`\n${name} took ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  if (status !== 0) {
    console.error(`The story of ${name} ended with ${status}.`);
    process.exitCode = 1;
  }
}
