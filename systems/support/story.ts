import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";

/** Begins a part of a story. */
export const say = (text: string): void => console.log(`\n## ${text}\n`);

/** Shows what the story says, which has to be so. */
export function holds(isSo: boolean, claim: string): void {
  if (!isSo) throw new Error(`This does not hold: ${claim}`);
  console.log(`✓ ${claim}`);
}

interface Command {
  /** The configuration's file, in whose folder it runs. */
  readonly config: string;
  /** Variables that the configuration reads. */
  readonly env: Readonly<Record<string, string>>;
  /** The exit code that it has to end with. */
  readonly expected: number;
}

/** Runs a command of ondelete and shows it and what it prints, which is also returned. */
export function ondelete(words: readonly string[], { config, env, expected }: Command): string {
  console.log(`$ ondelete ${words.join(" ")}`);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "../../bin/ondelete"), ...words, "--config", config, "--quiet"],
    { encoding: "utf8", cwd: dirname(config), env: { ...process.env, ...env } },
  );
  console.log(`${stdout}${stderr}`.trimEnd());
  if (status !== expected) throw new Error(`This ended with ${status} and not with ${expected}.`);
  return stdout;
}
