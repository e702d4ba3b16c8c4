/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** True in so large a share of the cases, 0 to 1. */
  chance(share: number): boolean;
  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T;
  /** So many different ones of a list, in the order of the list. */
  some<T>(list: readonly T[], size: number): readonly T[];
  /** So many hexadecimal digits. */
  hex(length: number): string;
  /** An id of ten letters and digits after the prefix. */
  id(prefix: string): string;
}

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

export function random(seed: number): Random {
  const next = mulberry32(seed);
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(list: readonly T[]) => list[int(0, list.length - 1)] as T;
  const text = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)]).join("");
  return {
    int,
    pick,
    chance: (share) => next() < share,
    // Each is taken with the chance that leaves exactly `size` at the end (selection sampling).
    some: (list, size) => {
      let wanted = size;
      return list.filter((_, index) => next() < wanted / (list.length - index) && wanted-- > 0);
    },
    hex: (length) => text(LETTERS.slice(0, 16), length),
    id: (prefix) => `${prefix}_${text(LETTERS, 10)}`,
  };
}

/** From 0 to below 1. @see https://gist.github.com/tommyettinger/46a874533244883189143505d203312c (public domain) */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
