import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { Job } from "./crash-engine.ts";
import { afterInterruption } from "./failpoints.ts";
import { type Round, ready, type Verb } from "./round.ts";

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** The command line and the words before the verb. */
  readonly command: readonly [string, ...string[]];
}

/** Where the kills landed, and what each left. */
export interface KillResult {
  /** Before the process changed a row, while it held its changes, and after its commit. */
  readonly before: number;
  readonly within: number;
  readonly after: number;
  /** How many of those within left the database as before and as after the verb. */
  readonly undone: number;
  readonly done: number;
  readonly milliseconds: Readonly<Record<"delete" | "restore", Span>>;
}

/** Milliseconds from the start of a process to its first change, and to its end. */
interface Span {
  readonly start: number;
  readonly whole: number;
}

/** Kills the command line, deleting and restoring in turns, at random moments of its real duration. */
export async function killAtRandom(round: Round, options: KillOptions): Promise<KillResult> {
  const random = generator(options.seed);
  const milliseconds = {
    delete: await duration(round, "delete", options),
    restore: await duration(round, "restore", options),
  };
  const aim = { ...milliseconds };
  const result = { before: 0, within: 0, after: 0, undone: 0, done: 0 };
  for (let i = 0; i < options.kills; i++) {
    const verb = i % 2 === 0 ? "delete" : "restore";
    const job = await ready(round, verb);
    const { start, whole } = aim[verb];
    const delay = start + random() * (whole - start);
    const child = begin(round, job, options);
    const changing = await killAfter(round, child, delay);
    const left = await afterInterruption(round, job).catch((cause: Error) => {
      const when = `kill ${i} of seed ${options.seed}, ${verb}, ${Math.round(delay)} ms of ${Math.round(whole)}`;
      throw new Error(`${when}: ${cause.message}`, { cause });
    });
    if (changing) result[left]++;
    const landed = changing ? "within" : left === "undone" ? "before" : "after";
    result[landed]++;
    aim[verb] = better(aim[verb], landed);
  }
  return { ...result, milliseconds };
}

type Landing = "before" | "within" | "after";

/** The machine is not always as fast: the span at which kills are aimed moves with what they hit. */
function better({ start, whole }: Span, landed: Landing): Span {
  const step = (whole - start) * 0.1;
  if (landed === "before") return { start: start + step, whole: whole + step };
  return landed === "after" ? { start: start - step / 2, whole: whole - step } : { start, whole };
}

/** @returns whether the process was changing rows right before */
async function killAfter(round: Round, child: ChildProcess, delay: number): Promise<boolean> {
  const ended = once(child, "exit");
  await Promise.race([setTimeout(delay), ended]);
  const changing = child.exitCode === null && (await round.on.isChanging(round.db));
  child.kill("SIGKILL");
  await ended;
  if (child.exitCode !== null && child.exitCode !== 0)
    throw new Error(`the command failed with ${child.exitCode}`);
  return changing;
}

function begin({ db }: Round, job: Job, { command }: KillOptions): ChildProcess {
  const [program, ...words] = command;
  const target = job.verb === "restore" ? [job.operation] : [job.root.table, job.root.key];
  return spawn(program, [...words, job.verb, ...target, "--yes", "--json", "--url", db.url], {
    stdio: "ignore",
  });
}

const TIMES = 2;
const LATEST_START = 0.7;

/** How long the verb takes: the medians of runs that are watched, and of as many that are left alone. */
async function duration(round: Round, verb: Verb, options: KillOptions): Promise<Span> {
  const starts: number[] = [];
  const wholes: number[] = [];
  for (let i = 0; i < TIMES * 2; i++) {
    const job = await ready(round, verb);
    const started = performance.now();
    const child = begin(round, job, options);
    const ended = once(child, "exit");
    if (i % 2 === 0) {
      while (child.exitCode === null && !(await round.on.isChanging(round.db))) await setTimeout(5);
      starts.push(performance.now() - started);
    }
    if (child.exitCode === null) await ended;
    if (i % 2 === 1) wholes.push(performance.now() - started);
    if (child.exitCode !== 0) throw new Error(`${verb} that nobody killed ended with ${child.exitCode}`);
  }
  const whole = Math.round(median(wholes));
  // Being watched slows a run down, and the first change may seem to come after the end of one that is left alone.
  return { start: Math.min(Math.round(median(starts)), Math.round(whole * LATEST_START)), whole };
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
