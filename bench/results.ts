import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Summary } from "./statistics.ts";

/** What one metric came to: its own values, and its ratio to the native delete of the same pair. */
export interface Measured {
  readonly pairs: number;
  readonly values: Summary;
  readonly ratio: Summary | null;
  readonly date: string;
  /** Megabytes of the process that measured it, the largest of the pairs. */
  readonly maxRssMb: number;
}

/** The committed results of one case on one engine. */
export interface CaseResult {
  readonly case: string;
  readonly title: string;
  readonly engine: string;
  readonly version: string;
  readonly node: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGb: number };
  readonly metrics: Readonly<Record<string, Measured>>;
  /** Sides that did not run, with the reason. */
  readonly failures: Readonly<Record<string, string>>;
}

const FOLDER = join(import.meta.dirname, "results");
const fileOf = (name: string, engine: string): string => join(FOLDER, `${name}-${engine}.json`);

function readResult(name: string, engine: string): CaseResult | null {
  const file = fileOf(name, engine);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CaseResult) : null;
}

export const readResults = (): readonly CaseResult[] =>
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as CaseResult);

/** Adds to what is there: metrics that were measured again replace their old values, the others stay. */
export function addResult(result: CaseResult): string {
  const before = readResult(result.case, result.engine);
  const kept = Object.entries(before?.failures ?? {}).filter(([side]) => !(side in result.failures));
  const merged = {
    ...result,
    metrics: { ...before?.metrics, ...result.metrics },
    failures: { ...Object.fromEntries(kept), ...result.failures },
  };
  mkdirSync(FOLDER, { recursive: true });
  const file = fileOf(result.case, result.engine);
  writeFileSync(file, `${JSON.stringify(merged, null, 2)}\n`);
  return file;
}
