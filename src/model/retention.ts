/** Rows of a table that are to go when they are old enough. */
export interface Retention {
  readonly name: string;
  /** The column that says how old a row is: a time, or a number of seconds or milliseconds since 1970. */
  readonly column: string;
  readonly olderThan: Age;
  /** A SQL condition that rows must fulfil beside their age; null for none. */
  readonly where: string | null;
  readonly mode: "hard" | "soft";
  /** How many rows of the table are deleted in one transaction, with all that goes with them. */
  readonly batchRows: number;
  readonly archive: boolean;
}

export type AgeUnit = "minute" | "hour" | "day" | "week" | "month" | "year";

/** A span of time by the calendar, in UTC. */
export interface Age {
  readonly count: number;
  readonly unit: AgeUnit;
}

const AGE = /^(\d+) (minute|hour|day|week|month|year)s?$/;

/** `"30 days"` as an age; null where the text is none. */
export function parseAge(text: string): Age | null {
  const [, count, unit] = AGE.exec(text.trim()) ?? [];
  return count === undefined ? null : { count: Number(count), unit: unit as AgeUnit };
}

export const printAge = ({ count, unit }: Age): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

/** Whether one age is longer than another. */
export const isLonger = (age: Age, other: Age): boolean => before(NOON, age) < before(NOON, other);

/** Any moment: what counts is which of two ages goes further back from it. */
const NOON = new Date("2026-01-01T12:00:00Z");

const MINUTES = { minute: 1, hour: 60, day: 1_440, week: 10_080 } as const;

/** The moment that lies an age before another; a day that its month does not have becomes the month's last. */
export function before(now: Date, { count, unit }: Age): Date {
  if (unit !== "month" && unit !== "year") return new Date(now.getTime() - count * MINUTES[unit] * 60_000);
  const months = now.getUTCFullYear() * 12 + now.getUTCMonth() - count * (unit === "year" ? 12 : 1);
  const [year, month] = [Math.floor(months / 12), months % 12];
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const then = new Date(now);
  then.setUTCFullYear(year, month, Math.min(now.getUTCDate(), days));
  return then;
}
