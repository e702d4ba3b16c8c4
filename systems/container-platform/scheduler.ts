import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import type { Platform } from "./database.ts";
import { healthOf } from "./health.ts";
import type { Handle } from "./pool.ts";
import type { Settings } from "./settings.ts";

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  /** Does it once. Returns what is logged of it. @throws where it failed */
  run(signal: AbortSignal): Promise<object>;
}

/** What runs beside the API: retention, and whether the database answers. */
export const jobsOf = (
  platform: Platform,
  handle: Handle,
  { retentionEveryMinutes, healthEverySeconds }: Settings,
): readonly [retention: Job, health: Job] => [
  {
    name: "retention",
    everyMs: retentionEveryMinutes * 60_000,
    run: (signal) => retention(platform, signal),
  },
  { name: "health", everyMs: healthEverySeconds * 1000, run: () => health(platform, handle) },
];

/** Deletes what is older than the configuration keeps; what something stands in the way of stays, and is told of. */
async function retention({ ondelete }: Platform, signal: AbortSignal): Promise<object> {
  const { policies } = await ondelete.purge({ execute: true, actor: "scheduler", signal });
  return {
    policies: policies.map(({ policy, deleted, held, blockers }) => ({
      policy,
      deleted,
      held,
      because: blockers.map(({ message }) => message),
    })),
  };
}

async function health(platform: Platform, handle: Handle): Promise<object> {
  const { healthy, ...state } = await healthOf(platform, handle);
  if (!healthy) throw new Error(`The database does not answer. The pool: ${JSON.stringify(state.pool)}.`);
  return state;
}

/** Runs a job and logs what became of it. Returns whether it went well. */
export async function runOnce(
  { name, run }: Job,
  log: Logger,
  signal: AbortSignal = new AbortController().signal,
): Promise<boolean> {
  const start = performance.now();
  const told = () => ({ job: name, ms: Math.round(performance.now() - start) });
  try {
    const result = await run(signal);
    log.info({ ...told(), ...result }, `${name} done`);
    return true;
  } catch (err) {
    if (signal.aborted) log.info(told(), `${name} stopped`);
    else log.error({ ...told(), err }, `${name} failed`);
    return signal.aborted;
  }
}

/** Runs each job at once and then again and again, never twice at the same time, whether a run failed or not. */
export function schedule(jobs: readonly Job[], log: Logger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const repeated = async (job: Job) => {
    while (!signal.aborted) {
      await runOnce(job, log, signal);
      await wait(job.everyMs, undefined, { signal }).catch(() => {});
    }
  };
  const all = Promise.all(jobs.map(repeated));
  return {
    /** Ends what runs at the next point where it can, and waits for that. */
    stop: async () => {
      stopping.abort();
      await all;
    },
  };
}
