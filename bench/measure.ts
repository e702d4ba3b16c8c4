import { spawnSync } from "node:child_process";
import { join } from "node:path";

export interface SideRequest {
  readonly engine: string;
  readonly url: string;
  readonly case: string;
  readonly side: string;
}

/** What one side measured: milliseconds, bytes or counts by name. */
export type Metrics = Readonly<Record<string, number>>;

export interface SideResult {
  readonly metrics: Metrics;
  /** Megabytes of resident memory: before the work, the largest that was sampled in it, the process's maximum. */
  readonly memory: { readonly startMb: number; readonly peakMb: number; readonly maxRssMb: number };
  readonly version: string;
}

/** Runs one side in a process of its own; a failure comes back as its message. */
export function measure(request: SideRequest): SideResult | { readonly failure: string } {
  const child = spawnSync(process.execPath, [join(import.meta.dirname, "side.ts"), JSON.stringify(request)], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (child.status === 0) return JSON.parse(child.stdout) as SideResult;
  const message = child.stderr.split("\n").find((line) => /^\w*Error\b.*: /.test(line));
  return { failure: message?.replace(/^Error: /, "") ?? child.stderr.slice(0, 500) };
}
