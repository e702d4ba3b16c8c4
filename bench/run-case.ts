import { cpus, totalmem } from "node:os";
import type { Template } from "./engines/bench-engine.ts";
import { engineOf } from "./engines/engines.ts";
import { type Metrics, measure } from "./measure.ts";
import type { CaseResult, Measured } from "./results.ts";
import { READING, sidesOf } from "./sides/sides.ts";
import { round, summarize } from "./statistics.ts";
import { workloads } from "./workloads/workloads.ts";

export interface CaseOptions {
  readonly case: string;
  readonly engine: string;
  readonly pairs: number;
  /** Some of the case's sides; all of them unless given. */
  readonly sides?: readonly string[];
  readonly say: (line: string) => void;
}

interface Rounds {
  /** Metrics of each pair, every side's together. */
  readonly pairs: Record<string, number>[];
  readonly memory: Map<string, number>;
  readonly failures: Record<string, string>;
  version: string;
}

/** Builds the case's database and measures its sides, one after the other in every pair. */
export async function runCase(options: CaseOptions): Promise<CaseResult> {
  const workload = workloads[options.case]?.();
  if (!workload) throw new Error(`no case ${options.case}; there are ${Object.keys(workloads).join(", ")}`);
  const template = await engineOf(options.engine).build(workload);
  options.say(`${workload.title}, on ${options.engine}: built`);
  const names = sidesOf(options.case).filter(
    (s) => s === "native" || !options.sides || options.sides.includes(s),
  );
  const rounds: Rounds = { pairs: [], memory: new Map(), failures: {}, version: "" };
  try {
    for (let i = 0; i < options.pairs; i++)
      rounds.pairs.push(await pair(template, names, { options, rounds }));
  } finally {
    await template.drop();
  }
  const [cpu] = cpus();
  return {
    case: options.case,
    title: workload.title,
    engine: options.engine,
    version: rounds.version,
    node: process.versions.node,
    machine: { cpu: cpu?.model ?? "", cores: cpus().length, memoryGb: Math.round(totalmem() / 1e9) },
    metrics: summaries(rounds),
    failures: rounds.failures,
  };
}

async function pair(
  template: Template,
  names: readonly string[],
  { options, rounds }: { readonly options: CaseOptions; readonly rounds: Rounds },
): Promise<Record<string, number>> {
  const metrics: Record<string, number> = {};
  let shared: string | null = null;
  for (const side of names.filter((name) => !(name in rounds.failures))) {
    const reads = READING.includes(side);
    const url: string = (reads ? shared : null) ?? (await template.copy());
    if (reads) shared = url;
    const result = measure({ engine: options.engine, case: options.case, side, url });
    if (!reads) await template.dropCopy(url);
    if ("failure" in result) rounds.failures[side] = result.failure;
    else {
      rounds.version = result.version;
      Object.assign(metrics, result.metrics);
      for (const name of Object.keys(result.metrics))
        rounds.memory.set(name, Math.max(rounds.memory.get(name) ?? 0, result.memory.maxRssMb));
    }
    options.say(`  ${side}: ${"failure" in result ? result.failure : shown(result.metrics)}`);
  }
  if (shared !== null) await template.dropCopy(shared);
  return metrics;
}

const shown = (metrics: Metrics): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${round(value)}`)
    .join(", ");

/** Metrics that no ratio to a delete makes plainer. */
const ABSOLUTE = /bytes|model|inspect|beyond/;

function summaries({ pairs, memory }: Rounds): CaseResult["metrics"] {
  const names = [...new Set(pairs.flatMap((p) => Object.keys(p)))];
  const date = new Date().toISOString().slice(0, 10);
  return Object.fromEntries(
    names.map((name): [string, Measured] => {
      const values = pairs.flatMap((p) => p[name] ?? []);
      const ratios = ABSOLUTE.test(name)
        ? []
        : pairs.flatMap((p) => (p[name] === undefined || !p.native ? [] : [p[name] / p.native]));
      return [
        name,
        {
          pairs: values.length,
          values: summarize(values),
          ratio: ratios.length === 0 ? null : summarize(ratios),
          date,
          maxRssMb: round(memory.get(name) ?? 0),
        },
      ];
    }),
  );
}
