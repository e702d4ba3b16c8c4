export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @param values at least one */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  const median = middle.reduce((sum, v) => sum + v, 0) / middle.length;
  return { median: round(median), min: round(sorted[0] ?? 0), max: round(sorted.at(-1) ?? 0) };
}

/** Three digits that count, as much as a measurement of time is worth. */
export function round(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(value >= 1_000 ? 5 : 3));
}
