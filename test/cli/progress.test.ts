import { expect, test } from "vitest";
import { progressLine, showProgress } from "../../src/cli/progress.ts";
import type { Progress } from "../../src/index.ts";
import { running } from "../../src/std/running.ts";

const deleting = (done: number): Progress => ({ phase: "deleting", table: "logs", done, total: 50_000 });

/** Work that reports at the given times, in milliseconds, and what was written of it. */
async function written(times: readonly number[], isTTY: boolean): Promise<readonly string[]> {
  let now = 0;
  const lines: string[] = [];
  async function* work() {
    for (const time of times) {
      now = time;
      yield deleting(time * 2);
    }
  }
  await showProgress(work(), { isTTY, write: (text) => lines.push(text) }, () => now);
  return lines;
}

test("a line says the phase, the table, how far it has come and how fast", () => {
  expect(progressLine(deleting(12_000), 1_500)).toBe("deleting logs: 12,000 of 50,000 rows, 8,000 a second");
  expect(progressLine({ phase: "planning", table: null, done: 0, total: 0 }, 10)).toBe("planning …");
});

test("short work says nothing", async () => {
  expect(await written([100, 900], false)).toEqual([]);
  expect(await written([100, 900], true)).toEqual([]);
});

test("without a screen there is a plain line every three seconds at the most", async () => {
  expect(await written([1_000, 2_000, 4_000, 4_500, 7_000], false)).toEqual([
    "deleting logs: 2,000 of 50,000 rows, 2,000 a second\n",
    "deleting logs: 8,000 of 50,000 rows, 2,000 a second\n",
    "deleting logs: 14,000 of 50,000 rows, 2,000 a second\n",
  ]);
});

test("on a screen one line is written over, and cleared at the end", async () => {
  const lines = await written([1_000, 1_100], true);
  expect(lines).toHaveLength(3);
  expect(lines.every((line) => line.startsWith("\r\u001b[2K"))).toBe(true);
  expect(lines.at(-1)).toBe("\r\u001b[2K");
});

test("running work is a promise and yields its news in order, also what came before anybody asked", async () => {
  const work = running<string, number>(async (report) => {
    report(1);
    await Promise.resolve();
    report(2);
    return "done";
  });
  const news: number[] = [];
  for await (const n of work) news.push(n);
  expect(news).toEqual([1, 2]);
  expect(await work).toBe("done");
});

test("the news of work that fails end, and the failure is thrown to who waits for it", async () => {
  const work = running<void, number>(async (report) => {
    report(1);
    throw new Error("no");
  });
  const failure = expect(work).rejects.toThrow("no");
  const news: number[] = [];
  for await (const n of work) news.push(n);
  expect(news).toEqual([1]);
  await failure;
});
