import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { grid } from "../../src/document/html/grid.ts";
import { layout } from "../../src/document/html/layout.ts";

const boxes = fc.array(
  fc.record({ width: fc.integer({ min: 60, max: 320 }), height: fc.integer({ min: 30, max: 200 }) }),
  {
    minLength: 1,
    maxLength: 40,
  },
);

/** Boxes, and lines between them, circles and lines from a box to itself among them. */
const drawings = boxes.chain((list) => {
  const place = fc.integer({ min: 0, max: list.length - 1 });
  return fc.record({
    boxes: fc.constant(list),
    lines: fc.array(fc.record({ from: place, to: place }), { maxLength: 80 }),
  });
});

describe("where the tables of a diagram come to lie", () => {
  test.for([
    ["in layers", layout],
    ["in a grid", grid],
  ] as const)("%s, no two boxes overlap, and every line begins and ends somewhere", ([, place]) => {
    fc.assert(
      fc.property(drawings, (drawing) => {
        const placed = place(drawing.boxes, drawing.lines);
        const rects = drawing.boxes.map((b, i) => ({
          ...b,
          x: placed.boxes[i]?.x ?? -1,
          y: placed.boxes[i]?.y ?? -1,
        }));
        for (const [i, a] of rects.entries()) {
          expect(
            a.x >= 0 &&
              a.y >= 0 &&
              a.x + a.width <= placed.width + 0.1 &&
              a.y + a.height <= placed.height + 0.1,
          ).toBe(true);
          for (const b of rects.slice(i + 1)) {
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            expect(apart).toBe(true);
          }
        }
        expect(placed.lines).toHaveLength(drawing.lines.length);
        expect(placed.lines.every((points) => points.length > 0)).toBe(true);
      }),
      { numRuns: 200, seed: 20261122 },
    );
  });

  test("children lie to the right of their parents where nothing goes in circles", () => {
    const chain = [0, 1, 2, 3].map(() => ({ width: 100, height: 40 }));
    const lines = [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 0, to: 2 },
      { from: 2, to: 3 },
    ];
    const x = layout(chain, lines).boxes.map((b) => b.x);
    expect(x).toEqual([0, 184, 368, 552]);
  });
});
