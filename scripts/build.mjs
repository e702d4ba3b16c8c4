// Compiles src to dist. A module that was renamed or removed must not live on in dist, so it starts empty.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";

const home = resolve(import.meta.dirname, "..");
rmSync(join(home, "dist"), { recursive: true, force: true });
const tsc = join(home, "node_modules", "typescript", "bin", "tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", join(home, "tsconfig.build.json")], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
