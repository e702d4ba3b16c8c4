import type { Random } from "./random.ts";
import type { Stack } from "./stacks.ts";

/** One row, with a value for every column of its table, in the same order for every row of the table. */
export interface Row {
  readonly table: string;
  readonly values: Readonly<Record<string, string | number | null>>;
}

/** A project while its rows are made. */
export interface Project {
  readonly id: string;
  readonly stack: Stack;
  readonly port: number;
  /** When something begins, in days after the pipeline went live. */
  readonly day: number;
  readonly random: Random;
}

const LIVE_SINCE = Date.UTC(2025, 0, 6);

/** A moment as the pipeline stores it: ISO 8601, UTC. */
export const moment = (day: number, second: number) =>
  new Date(LIVE_SINCE + (Math.floor(day) * 86_400 + second) * 1000).toISOString();
