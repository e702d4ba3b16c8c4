/** A box to be placed, and lines from box to box, by their places in the list of boxes. */
export interface Box {
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly from: number;
  readonly to: number;
}

/** A place in a layer: a box, or where a line passes through. */
export interface Slot {
  readonly box: number | null;
  readonly height: number;
}

/** Boxes in layers from left to right, and lines between slots of neighbouring layers only. */
export interface Layered {
  readonly slots: readonly Slot[];
  /** Slots by layer. */
  readonly layers: readonly (readonly number[])[];
  readonly left: readonly (readonly number[])[];
  readonly right: readonly (readonly number[])[];
  /** For every line the slots that it passes, from left to right; empty for a line from a box to itself. */
  readonly paths: readonly (readonly number[])[];
  /** Whether a line runs from right to left. */
  readonly reversed: readonly boolean[];
}

/** How high the passage of a line is. */
const PASSAGE = 10;

/** Puts every box to the right of those that lines lead from; where they go in circles, some lines run backwards. */
export function layered(boxes: readonly Box[], lines: readonly Line[]): Layered {
  const reversed = backwards(boxes.length, lines);
  const forward = lines.map((l, i) => (reversed[i] ? { from: l.to, to: l.from } : l));
  const layerOf = longestPaths(boxes.length, forward);
  const slots: Slot[] = boxes.map(({ height }, box) => ({ box, height }));
  const layers: number[][] = Array.from({ length: Math.max(0, ...layerOf) + 1 }, () => []);
  for (const [i, layer] of layerOf.entries()) layers[layer]?.push(i);
  const passing = new Map<string, number>();
  const paths = forward.map(({ from, to }) => {
    if (from === to) return [];
    const path = [from];
    for (let layer = (layerOf[from] ?? 0) + 1; layer < (layerOf[to] ?? 0); layer++) {
      // Lines from one box run together until they part.
      const known = `${from}:${layer}:${to}`;
      const slot = passing.get(known) ?? slots.push({ box: null, height: PASSAGE }) - 1;
      if (!passing.has(known)) layers[layer]?.push(slot);
      passing.set(known, slot);
      path.push(slot);
    }
    return [...path, to];
  });
  return { slots, layers, ...neighbours(slots.length, paths), paths, reversed };
}

function neighbours(count: number, paths: readonly (readonly number[])[]) {
  const left: number[][] = Array.from({ length: count }, () => []);
  const right: number[][] = Array.from({ length: count }, () => []);
  for (const path of paths) {
    for (const [i, slot] of path.slice(1).entries()) {
      left[slot]?.push(path[i] ?? slot);
      right[path[i] ?? slot]?.push(slot);
    }
  }
  return { left, right };
}

/** Which lines lead back to a box from which they were reached, going deep first without recursion. */
function backwards(count: number, lines: readonly Line[]): readonly boolean[] {
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const [i, { from }] of lines.entries()) out[from]?.push(i);
  const state = new Uint8Array(count);
  const back = lines.map(() => false);
  for (let root = 0; root < count; root++) {
    const stack = state[root] === 0 ? [{ node: root, next: 0 }] : [];
    if (stack.length > 0) state[root] = 1;
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const line = out[top.node]?.[top.next++];
      if (line === undefined) {
        state[top.node] = 2;
        stack.pop();
        continue;
      }
      const to = lines[line]?.to ?? 0;
      if (state[to] === 1) back[line] = true;
      if (state[to] !== 0) continue;
      state[to] = 1;
      stack.push({ node: to, next: 0 });
    }
  }
  return back;
}

function longestPaths(count: number, lines: readonly Line[]): readonly number[] {
  const layer = new Array<number>(count).fill(0);
  const into = new Array<number>(count).fill(0);
  const out: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of lines) {
    if (from === to) continue;
    out[from]?.push(to);
    into[to] = (into[to] ?? 0) + 1;
  }
  const open = into.flatMap((n, i) => (n === 0 ? [i] : []));
  for (const node of open) {
    for (const to of out[node] ?? []) {
      layer[to] = Math.max(layer[to] ?? 0, (layer[node] ?? 0) + 1);
      into[to] = (into[to] ?? 0) - 1;
      if (into[to] === 0) open.push(to);
    }
  }
  return layer;
}
