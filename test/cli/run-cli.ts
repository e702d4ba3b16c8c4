import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { join } from "node:path";

export const start = join(import.meta.dirname, "start.ts");

/** The variables of this process without those that would name a database or change what is printed. */
export function bareEnv(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const left = ["ONDELETE_URL", "DATABASE_URL", "NO_COLOR", "FORCE_COLOR", "CI"];
  const kept = Object.entries(process.env).filter(([name]) => !left.includes(name));
  return { ...Object.fromEntries(kept), ...more };
}

/** Runs the command line from its sources, in a process of its own, without a terminal. */
export function runCli(
  words: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): SpawnSyncReturns<string> {
  const options = { cwd, env: bareEnv(env), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  return spawnSync(process.execPath, [start, ...words], options);
}
