import type { Progress } from "../index.ts";
import { count } from "./render/words.ts";

/** A line that nobody waited for is not worth printing. */
const FIRST_AFTER_MS = 1_000;
const PLAIN_EVERY_MS = 3_000;

/** What is written to, and whether it is a screen on which a line can be written over. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * Says how far the work has come until it ends: on a screen in one line that is written over and cleared at the end,
 * elsewhere in a plain line every few seconds.
 *
 * @param now milliseconds, as an argument for tests
 */
export async function showProgress(
  work: AsyncIterable<Progress>,
  stream: ProgressStream,
  now = () => performance.now(),
): Promise<void> {
  const started = now();
  let last = started + FIRST_AFTER_MS - PLAIN_EVERY_MS;
  let shown = false;
  for await (const news of work) {
    const elapsed = now() - started;
    if (elapsed < FIRST_AFTER_MS || (!stream.isTTY && now() - last < PLAIN_EVERY_MS)) continue;
    last = now();
    const line = progressLine(news, elapsed);
    stream.write(stream.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    shown = true;
  }
  if (shown && stream.isTTY) stream.write("\r\u001b[2K");
}

/** For example: `deleting logs: 12,000 of 50,000 rows, 8,000 a second`. */
export function progressLine({ phase, table, done, total }: Progress, elapsedMs: number): string {
  const what = table === null ? phase : `${phase} ${table}`;
  if (total === 0) return `${what} …`;
  const rate = done > 0 ? `, ${count(Math.round((done * 1000) / elapsedMs))} a second` : "";
  const things = phase === "proving" ? "experiments" : "rows";
  return `${what}: ${count(done)} of ${count(total)} ${things}${rate}`;
}
