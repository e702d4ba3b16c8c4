import type { Chunk, ListSlice } from "../../journal/work.ts";
import type { Position, WorkStep } from "../../model/work.ts";

/** Rows of a list to be dealt with in one transaction, and where to go on after them. */
export interface Slice {
  readonly rows: ListSlice;
  /** How many keys they are. */
  readonly keys: number;
  readonly next: Pick<Position, "chunk" | "offset">;
}

/** About so many rows of a list from a position on: whole packs, or a part of one. Null at the list's end. */
export function sliceAt(
  chunks: readonly Chunk[],
  { chunk, offset }: Pick<Position, "chunk" | "offset">,
  wanted: number,
): Slice | null {
  const first = chunks[chunk];
  if (!first) return null;
  if (offset > 0 || first.rows > wanted) {
    const limit = Math.min(wanted, first.rows - offset);
    const end = offset + limit >= first.rows;
    return {
      rows: { first: first.ordinal, last: first.ordinal, part: { offset, limit } },
      keys: limit,
      next: end ? { chunk: chunk + 1, offset: 0 } : { chunk, offset: offset + limit },
    };
  }
  let [last, keys, end] = [first, first.rows, chunk + 1];
  for (const more of chunks.slice(chunk + 1)) {
    if (keys + more.rows > wanted) break;
    [last, keys, end] = [more, keys + more.rows, end + 1];
  }
  return {
    rows: { first: first.ordinal, last: last.ordinal, part: null },
    keys,
    next: { chunk: end, offset: 0 },
  };
}

/** The position after the last row of a source: its next one, the same rows again where some were left out, or the next step. */
export function afterSource(position: Position, { sources }: WorkStep): Position {
  const start = { chunk: 0, offset: 0 };
  if (position.source + 1 < sources.length) return { ...position, ...start, source: position.source + 1 };
  if (position.pass === "skipping" && position.skipped)
    return { ...position, ...start, source: 0, pass: "waiting", skipped: false };
  return { ...start, step: position.step + 1, pass: "skipping", source: 0, skipped: false };
}
