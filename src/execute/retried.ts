import { setTimeout } from "node:timers/promises";
import { type ErrorCode, OnDeleteError } from "../error.ts";
import type { Clock } from "../journal/journal.ts";

const TRIES = 5;

/** Tries again where others were in the way, as in a deadlock: all of it was rolled back. */
export async function retried<T>(
  { random }: Pick<Clock, "random">,
  work: (failures: readonly ErrorCode[]) => Promise<T>,
): Promise<T> {
  const failures: ErrorCode[] = [];
  for (;;) {
    try {
      return await work(failures);
    } catch (error) {
      if (!(error instanceof OnDeleteError) || error.details.retriable !== true) throw error;
      if (failures.push(error.code) === TRIES) throw error;
      await setTimeout(failures.length * 20 + random() * 100);
    }
  }
}
