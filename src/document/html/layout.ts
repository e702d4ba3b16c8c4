import { heights, ordered } from "./arrange.ts";
import { type Box, type Layered, type Line, layered } from "./layers.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where boxes (by their upper left corner) and lines come to lie, parents to the left of children. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Point[];
  /** For every line the points that it passes; of a line from a box to itself only where it begins. */
  readonly lines: readonly (readonly Point[])[];
}

const BETWEEN_LAYERS = 84;
const BETWEEN_PARTS = 40;
/** Of the whole picture, its width to its height. */
const SHAPE = 1.6;

/** Lays out what hangs together part by part, the largest first, in rows. */
export function layout(boxes: readonly Box[], lines: readonly Line[]): Layout {
  const parts = components(boxes.length, lines).map((members) => partOf(members, boxes, lines));
  parts.sort((a, b) => b.members.length - a.members.length || (a.members[0] ?? 0) - (b.members[0] ?? 0));
  const area = parts.reduce((sum, p) => sum + (p.width + BETWEEN_PARTS) * (p.height + BETWEEN_PARTS), 0);
  const widest = Math.max(0, ...parts.map((p) => p.width), Math.sqrt(area * SHAPE));
  const placed: Point[] = boxes.map(() => ({ x: 0, y: 0 }));
  const drawn: (readonly Point[])[] = lines.map(() => []);
  let [x, y, row, width] = [0, 0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.width > widest) [x, y, row] = [0, y + row + BETWEEN_PARTS, 0];
    const at = { x, y };
    const move = (p: Point) => ({ x: p.x + at.x, y: p.y + at.y });
    for (const [box, point] of part.boxes) placed[box] = move(point);
    for (const [line, points] of part.lines) drawn[line] = points.map(move);
    x += part.width + BETWEEN_PARTS;
    row = Math.max(row, part.height);
    width = Math.max(width, x - BETWEEN_PARTS);
  }
  return { width, height: y + row, boxes: placed, lines: drawn };
}

function components(count: number, lines: readonly Line[]): readonly (readonly number[])[] {
  const root = Array.from({ length: count }, (_, i) => i);
  const find = (i: number): number => {
    let at = i;
    while (root[at] !== at) at = root[at] = root[root[at] ?? at] ?? at;
    return at;
  };
  for (const { from, to } of lines) root[find(from)] = find(to);
  return [...Map.groupBy(root.keys(), find).values()];
}

interface Part {
  readonly members: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<number, Point>;
  readonly lines: ReadonlyMap<number, readonly Point[]>;
}

function partOf(members: readonly number[], boxes: readonly Box[], lines: readonly Line[]): Part {
  const own = new Map(members.map((box, i) => [box, i]));
  const within = lines.flatMap((line, i) => (own.has(line.from) ? [i] : []));
  const sizes = members.map((m) => boxes[m] ?? { width: 0, height: 0 });
  const part = layered(
    sizes,
    within.map((i) => ({ from: own.get(lines[i]?.from ?? 0) ?? 0, to: own.get(lines[i]?.to ?? 0) ?? 0 })),
  );
  const order = ordered(part);
  const middles = heights(part, order);
  const tops = part.slots.map((s, i) => (middles[i] ?? 0) - s.height / 2);
  const top = Math.min(...tops);
  const columns = columnsOf(part, sizes);
  const corner = (i: number): Point => ({ x: columns.left[i] ?? 0, y: (tops[i] ?? 0) - top });
  const drawn = part.paths.map((path, i) =>
    pointsOf(path, part.reversed[i] ?? false, { sizes, corner, middles, top, columns }),
  );
  return {
    members,
    width: columns.width,
    height: Math.max(...part.slots.map((s, i) => (tops[i] ?? 0) - top + s.height)),
    boxes: new Map(members.map((box, i) => [box, corner(i)])),
    lines: new Map(
      within.map((line, i) => {
        const loop = own.get(lines[line]?.from ?? 0) ?? 0;
        const at = corner(loop);
        const points = drawn[i] ?? [];
        return [line, points.length > 0 ? points : [{ x: at.x + (sizes[loop]?.width ?? 0), y: at.y + 8 }]];
      }),
    ),
  };
}

interface Columns {
  /** The left edge of every slot's layer. */
  readonly left: readonly number[];
  /** The width of every slot's layer. */
  readonly widths: readonly number[];
  readonly width: number;
}

function columnsOf({ layers, slots }: Layered, sizes: readonly Box[]): Columns {
  const left = new Array<number>(slots.length).fill(0);
  const widths = new Array<number>(slots.length).fill(0);
  let x = 0;
  for (const layer of layers) {
    const width = Math.max(0, ...layer.map((s) => sizes[s]?.width ?? 0));
    for (const slot of layer) [left[slot], widths[slot]] = [x, width];
    x += width + BETWEEN_LAYERS;
  }
  return { left, widths, width: x - BETWEEN_LAYERS };
}

interface Placed {
  readonly sizes: readonly Box[];
  readonly corner: (box: number) => Point;
  readonly middles: readonly number[];
  readonly top: number;
  readonly columns: Columns;
}

/** From the right edge of the first box, across the layers between, to the left edge of the last. */
function pointsOf(path: readonly number[], reversed: boolean, placed: Placed): readonly Point[] {
  const [first, last] = [path[0], path.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { sizes, corner, middles, top, columns } = placed;
  const y = (slot: number) => (middles[slot] ?? 0) - top;
  const between = path.slice(1, -1).flatMap((slot) => {
    const x = columns.left[slot] ?? 0;
    return [
      { x, y: y(slot) },
      { x: x + (columns.widths[slot] ?? 0), y: y(slot) },
    ];
  });
  const start = { x: corner(first).x + (sizes[first]?.width ?? 0), y: y(first) };
  const points = [start, ...between, { x: corner(last).x, y: y(last) }];
  return reversed ? points.reverse() : points;
}
