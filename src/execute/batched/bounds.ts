import { OnDeleteError } from "../../error.ts";
import type { Warning } from "../../model/plan.ts";
import type { Bounds } from "../../model/work.ts";

/** What is done so far. */
export interface Spent {
  readonly rows: number;
  readonly seconds: number;
  readonly now: Date;
}

/** Why it is enough; null where it is not. */
export function enough({ rows, seconds, window }: Bounds, spent: Spent): Warning | null {
  if (rows !== undefined && spent.rows >= rows)
    return { code: "budget", message: `${spent.rows} rows are deleted, as many as were allowed.` };
  if (seconds !== undefined && spent.seconds >= seconds)
    return { code: "budget", message: `The ${seconds} seconds that were allowed are over.` };
  if (window !== undefined && !isWithin(readWindow(window), spent.now))
    return { code: "window", message: `It is not between ${window.replace("-", " and ")}.` };
  return null;
}

/** Minutes of the day. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/** @throws `usage` where it is no window */
export function readWindow(text: string): Window {
  const [, ...parts] = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  const [h = 99, m = 99, h2 = 99, m2 = 99] = parts.map(Number);
  const [from, to] = [h * 60 + m, h2 * 60 + m2];
  if (h < 24 && m < 60 && h2 < 25 && m2 < 60 && to <= 24 * 60 && from !== to) return { from, to };
  throw new OnDeleteError("usage", `"${text}" is no window of time.`, {
    hint: 'Write it as "22:00-06:00".',
  });
}

function isWithin({ from, to }: Window, now: Date): boolean {
  const minutes = now.getHours() * 60 + now.getMinutes();
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}
