import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import type { Line } from "./service.ts";

/** A process of the platform. */
export interface Running {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** What it has logged. */
  readonly lines: readonly Line[];
  /** The first line with this message, when it comes. @throws where the process ends before */
  logged(message: string): Promise<Line>;
  /** Its exit code and what it wrote beside the log, when it ends. */
  ended(): Promise<{ readonly code: number | null; readonly errors: string }>;
}

/** Starts an entry point; it is killed with the test where it did not end by itself. */
export function start(
  entry: string,
  env: Readonly<Record<string, string>>,
  words: readonly string[] = [],
): Running {
  const file = join(import.meta.dirname, "..", "entry", `${entry}.ts`);
  const child = spawn(process.execPath, [file, ...words], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines: Line[] = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(JSON.parse(line)));
  let errors = "";
  child.stderr.on("data", (text) => (errors += text));
  const end = once(child, "close");
  return {
    process: child,
    lines,
    logged: async (message) => {
      for (;;) {
        const line = lines.find(({ msg }) => msg === message);
        if (line) return line;
        const [ended] = await Promise.race([
          once(output, "line").then(() => [false]),
          end.then(() => [true]),
        ]);
        if (ended && !lines.some(({ msg }) => msg === message))
          throw new Error(`It ended without "${message}": ${JSON.stringify(lines)} ${errors}`);
      }
    },
    ended: async () => {
      const [code] = await end;
      return { code, errors };
    },
  };
}
