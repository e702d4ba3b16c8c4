import { createHash } from "node:crypto";

/*
 * Texts for values that nobody's data have, for rows that are made for an experiment and taken back: the first follows
 * from a number, so that other numbers give other values, and the rest are what CHECKs tend to ask for.
 */

const SMALL = ["1", "0", "2", "10", "100", "1000", "2000", "-1"];

/** Integers of a range: one in its upper half, then small ones. */
export function integers(seed: number, min: bigint, max: bigint): readonly string[] {
  const half = max / 2n;
  const first = half + (BigInt(seed) % (half > 0n ? half : 1n));
  const small = SMALL.filter((text) => BigInt(text) >= min && BigInt(text) <= max);
  return [...new Set([String(first), ...small])];
}

/** Numbers with so many digits before the point, as integers: they fit every scale. */
export function decimals(seed: number, digits: number): readonly string[] {
  if (digits < 1) return ["0"];
  const limit = 10n ** BigInt(Math.min(digits, 15)) - 1n;
  return integers(seed, -limit, limit);
}

/** Texts of at most so many characters. */
export function texts(seed: number, length: number): readonly string[] {
  const first = `ondelete${seed.toString(36)}`;
  const all = [
    length >= first.length ? first : first.slice(first.length - length),
    "a",
    "A",
    "1",
    "0",
    `${seed.toString(36)}@example.org`,
    "https://example.org/a",
    "2000-01-01",
    "{}",
    "",
  ];
  return [...new Set(all.filter((text) => text.length <= length))];
}

const DAY = 86_400_000;
const LENGTHS = { date: 10, "date and time": 19 } as const;

/** Days, or moments, from 2000 to 2037, which is as far as the smallest type for them reaches. */
export function moments(seed: number, kind: keyof typeof LENGTHS): readonly string[] {
  const since = Date.UTC(2000, 0, 1);
  const at = kind === "date" ? since + (seed % 13_000) * DAY : since + (seed % 1_100_000_000) * 1000;
  const text = (time: number) => new Date(time).toISOString().replace("T", " ").slice(0, LENGTHS[kind]);
  return [...new Set([text(at), text(Date.UTC(2024, 0, 1)), text(since), text(Date.UTC(2037, 0, 1))])];
}

export const times = (seed: number): readonly string[] => [
  new Date((seed % 86_400) * 1000).toISOString().slice(11, 19),
  "12:00:00",
];

/** So many bytes in hexadecimal. */
export function hex(seed: number, bytes: number): string {
  const digits = createHash("sha256").update(String(seed)).digest("hex");
  return digits.repeat(Math.ceil((bytes * 2) / digits.length)).slice(0, bytes * 2);
}

export function uuid(seed: number): string {
  const digits = hex(seed, 16);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}

export const address = (seed: number): string =>
  `10.${(seed >> 16) & 255}.${(seed >> 8) & 255}.${seed & 255}`;

/** A list that begins elsewhere for each number. */
export const rotated = (values: readonly string[], seed: number): readonly string[] =>
  values.map((_, i) => values[(i + seed) % values.length] ?? "");
