/** Whole numbers below 2 ** 32, the same for the same seed. @see https://github.com/cprosche/mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Whole numbers below a bound, the same for the same seed. */
export function wholeNumbers(seed: number): (below: number) => number {
  const next = mulberry32(seed);
  return (below) => next() % below;
}

/** Numbers from 0 up to 1, the same for the same seed. */
export function fractions(seed: number): () => number {
  const next = mulberry32(seed);
  return () => next() / 2 ** 32;
}
