import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CaseResult, readResults } from "./results.ts";
import { type Reached, type Target, targets } from "./targets.ts";

const FILE = join(import.meta.dirname, "../docs/performance.md");

/** Writes docs/performance.md from the committed results. @returns the file */
export function writeReport(): string {
  writeFileSync(FILE, report(readResults()));
  return FILE;
}

const INTRODUCTION = `# Performance

Written by \`npm run bench -- --report\` from the files in \`bench/results\`; do not edit it. \`npm run bench -- --case A100k --engine postgres\` measures a case anew.

Absolute times depend on the machine and its load, so every figure is a ratio to the engine's own \`DELETE\` in the same pair: median, with the smallest and the largest in brackets. Each side of a pair has a process of its own and, where it writes, a fresh copy of the database, read once before it is measured. The model is read and a neighbouring row is planned before the clock starts, as in an application that runs. Memory is the largest resident set of the process; what the native side takes is Node and the driver. A side that did not delete exactly the rows of the case fails and has no figure.
`;

function report(results: readonly CaseResult[]): string {
  const all = goals(results);
  const parts = [
    INTRODUCTION,
    "## What is to be reached",
    table(["mark", "case", "engine", "figure", "measured", ""], all.map(row)),
    "What limits those that are missed:",
    limits(all).join("\n"),
    "## Everything that was measured",
    ...results.map(details),
  ];
  return `${parts.join("\n\n").replaceAll(/\n{3,}/g, "\n\n")}\n`;
}

interface Goal {
  readonly target: Target;
  readonly name: string;
  readonly engine: string;
  readonly result: CaseResult | undefined;
  readonly reached: Reached | null;
}

const goals = (results: readonly CaseResult[]): readonly Goal[] =>
  targets.flatMap((target) =>
    target.cases.flatMap((name) =>
      target.engines.map((engine) => {
        const result = results.find((r) => r.case === name && r.engine === engine);
        return { target, name, engine, result, reached: result ? target.read(result) : null };
      }),
    ),
  );

function row({ target, name, engine, result, reached }: Goal): readonly string[] {
  const fails = Object.keys(result?.failures ?? {}).length > 0;
  const missing = fails ? "the other side fails, see below" : "not measured";
  const verdict = reached ? (reached.hit ? "hit" : "**missed**") : "";
  return [target.mark, name, engine, target.figure, reached?.text ?? missing, verdict];
}

/** Why figures are missed, each reason once. */
function limits(all: readonly Goal[]): readonly string[] {
  const missed = all.filter((g) => g.reached?.hit === false && g.target.limit);
  const places = (of: readonly Goal[]) => of.map((g) => `${g.name} on ${g.engine}`).join(", ");
  return [...Map.groupBy(missed, (g) => g.target)].map(
    ([target, of]) => `- ${target.figure}, ${places(of)}: ${target.limit}`,
  );
}

function details(result: CaseResult): string {
  const rows = Object.entries(result.metrics).map(([name, { values, ratio, pairs, maxRssMb, date }]) => {
    const milliseconds = `${values.median} (${values.min}–${values.max})`;
    const times = ratio ? `${ratio.median} (${ratio.min}–${ratio.max})` : "";
    return [name, milliseconds, times, String(maxRssMb), String(pairs), date];
  });
  const failures = Object.entries(result.failures).map(([side, why]) => `- ${side} did not run: ${why}`);
  const machine = `${result.machine.cpu}, ${result.machine.cores} cores, ${result.machine.memoryGb} GB`;
  return [
    `### ${result.case} on ${result.engine} ${result.version}`,
    `${result.title}. Node ${result.node}, ${machine}. Milliseconds, where the name says nothing else.`,
    table(["what", "median (min–max)", "× native", "MB", "pairs", "date"], rows),
    failures.join("\n"),
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
