import { expect, test } from "vitest";
import { enough, readWindow } from "../../src/execute/batched/bounds.ts";
import { OnDeleteError } from "../../src/index.ts";

const at = (hours: number, minutes = 0) => new Date(2026, 10, 22, hours, minutes);
const spent = (now: Date) => ({ rows: 0, seconds: 0, now });

test.each([
  ["22:00-06:00", at(22), true],
  ["22:00-06:00", at(23, 59), true],
  ["22:00-06:00", at(0), true],
  ["22:00-06:00", at(5, 59), true],
  ["22:00-06:00", at(6), false],
  ["22:00-06:00", at(21, 59), false],
  ["9:30-17:00", at(9, 29), false],
  ["9:30-17:00", at(9, 30), true],
  ["9:30-17:00", at(17), false],
  ["18:00-24:00", at(23, 59), true],
  ["18:00-24:00", at(0), false],
])("the window %s at %s", (window, now, within) => {
  expect(enough({ window }, spent(now))?.code ?? null).toBe(within ? null : "window");
});

test.each(["", "22-6", "22:00", "24:00-06:00", "22:60-06:00", "06:00-24:01", "10:00-10:00", "22:00–06:00"])(
  "%j is no window",
  (text) => {
    expect(() => readWindow(text)).toThrow(OnDeleteError);
  },
);

test("rows and seconds are spent when they are reached", () => {
  const bounds = { rows: 10, seconds: 5 };
  expect(enough(bounds, { rows: 9, seconds: 4.9, now: at(1) })).toBeNull();
  expect(enough(bounds, { rows: 10, seconds: 0, now: at(1) })?.code).toBe("budget");
  expect(enough(bounds, { rows: 0, seconds: 5, now: at(1) })?.code).toBe("budget");
});
