import { expect, test } from "vitest";
import { afterSource, sliceAt } from "../../src/execute/batched/cursor.ts";
import { BEGINNING } from "../../src/model/work.ts";

const CHUNKS = [
  { ordinal: "0", rows: 3 },
  { ordinal: "1", rows: 4 },
  { ordinal: "7", rows: 2 },
];

/** Every slice of the list, one after the other. */
function slices(wanted: number) {
  const out = [];
  for (let at = { chunk: 0, offset: 0 }; ; ) {
    const slice = sliceAt(CHUNKS, at, wanted);
    if (!slice) return out;
    out.push([slice.rows.first, slice.rows.last, slice.rows.part, slice.keys]);
    at = slice.next;
  }
}

test("a slice is part of a pack, one pack, or as many as fit", () => {
  expect(slices(2)).toEqual([
    ["0", "0", { offset: 0, limit: 2 }, 2],
    ["0", "0", { offset: 2, limit: 1 }, 1],
    ["1", "1", { offset: 0, limit: 2 }, 2],
    ["1", "1", { offset: 2, limit: 2 }, 2],
    ["7", "7", null, 2],
  ]);
  expect(slices(3)).toEqual([
    ["0", "0", null, 3],
    ["1", "1", { offset: 0, limit: 3 }, 3],
    ["1", "1", { offset: 3, limit: 1 }, 1],
    ["7", "7", null, 2],
  ]);
  expect(slices(7)).toEqual([
    ["0", "1", null, 7],
    ["7", "7", null, 2],
  ]);
  expect(slices(100)).toEqual([["0", "7", null, 9]]);
  expect(sliceAt([], { chunk: 0, offset: 0 }, 5)).toBeNull();
});

test("after the last source come the rows that were left out, then the next step", () => {
  const source = { list: 0, relation: null };
  const step = { kind: "delete", table: "t", rows: 9, sources: [source, source], together: false } as const;
  const second = afterSource({ ...BEGINNING, chunk: 3 }, step);
  expect(second).toEqual({ ...BEGINNING, source: 1 });
  expect(afterSource(second, step)).toEqual({ ...BEGINNING, step: 1 });
  const again = afterSource({ ...second, skipped: true }, step);
  expect(again).toEqual({ ...BEGINNING, pass: "waiting" });
  expect(afterSource({ ...again, source: 1 }, step)).toEqual({ ...BEGINNING, step: 1 });
});
