import type { Box, Line } from "./layers.ts";
import type { Layout } from "./layout.ts";

const GAP = 16;
/** Of the whole picture, its width to its height. */
const SHAPE = 1.5;

/**
 * Boxes in columns, in their order, and lines straight from middle to middle: for more boxes than layers can show,
 * where a table is found by its name and its relations are drawn anew when it is picked.
 */
export function grid(boxes: readonly Box[], lines: readonly Line[]): Layout {
  const width = Math.max(...boxes.map((b) => b.width)) + GAP;
  const height = Math.max(...boxes.map((b) => b.height)) + GAP;
  const rows = Math.max(1, Math.ceil(Math.sqrt((boxes.length * width) / height / SHAPE)));
  const corners = boxes.map((_, i) => ({ x: Math.floor(i / rows) * width, y: (i % rows) * height }));
  const middle = (i: number) => {
    const [corner, box] = [corners[i], boxes[i]];
    return { x: (corner?.x ?? 0) + (box?.width ?? 0) / 2, y: (corner?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  return {
    width: Math.ceil(boxes.length / rows) * width - GAP,
    height: rows * height - GAP,
    boxes: corners,
    lines: lines.map(({ from, to }) => (from === to ? [middle(from)] : [middle(from), middle(to)])),
  };
}
