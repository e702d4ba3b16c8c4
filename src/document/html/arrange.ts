import type { Layered } from "./layers.ts";

const SWEEPS = 8;
const GAP = 14;

/** Orders the slots of every layer so that lines cross little, each by the middle of what it is tied to. */
export function ordered({ layers, left, right }: Layered): readonly (readonly number[])[] {
  const place = new Map<number, number>();
  const current = layers.map((layer) => [...layer]);
  const note = (layer: readonly number[]) => {
    for (const [i, slot] of layer.entries()) place.set(slot, i / Math.max(1, layer.length));
  };
  for (const layer of current) note(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? current : current.toReversed()) {
      const ties = down ? left : right;
      const wanted = new Map(
        layer.map((slot) => [slot, middle(ties[slot] ?? [], place) ?? place.get(slot) ?? 0]),
      );
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || a - b);
      note(layer);
    }
  }
  return current;
}

function middle(slots: readonly number[], place: ReadonlyMap<number, number>): number | null {
  if (slots.length === 0) return null;
  return slots.reduce((sum, slot) => sum + (place.get(slot) ?? 0), 0) / slots.length;
}

/** The heights at which the middles of all slots come to lie: near what they are tied to, none upon another. */
export function heights(layout: Layered, order: readonly (readonly number[])[]): readonly number[] {
  const { slots, left, right } = layout;
  const y = new Array<number>(slots.length).fill(0);
  for (const layer of order)
    spread(
      layer,
      layer.map(() => 0),
      { layout, y },
    );
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? order : order.toReversed()) {
      const ties = down ? left : right;
      const wanted = layer.map((slot) => mean((ties[slot] ?? []).map((t) => y[t] ?? 0)) ?? y[slot] ?? 0);
      spread(layer, wanted, { layout, y });
    }
  }
  return y;
}

const mean = (list: readonly number[]): number | null =>
  list.length === 0 ? null : list.reduce((a, b) => a + b, 0) / list.length;

interface Block {
  /** Where the first slot of the block would best lie, summed up over its slots. */
  sum: number;
  count: number;
}

/**
 * Puts the slots of a layer as near to where they are wanted as their order and heights allow: neighbours that would
 * overlap are moved together (pool adjacent violators).
 */
function spread(
  layer: readonly number[],
  wanted: readonly number[],
  { layout: { slots }, y }: { readonly layout: Layered; readonly y: number[] },
): void {
  const offsets: number[] = [];
  let offset = 0;
  for (const [i, slot] of layer.entries()) {
    const before = slots[layer[i - 1] ?? -1];
    if (before) offset += (before.height + (slots[slot]?.height ?? 0)) / 2 + GAP;
    offsets.push(offset);
  }
  const blocks: Block[] = [];
  for (const [i, want] of wanted.entries()) {
    blocks.push({ sum: want - (offsets[i] ?? 0), count: 1 });
    for (;;) {
      const [above, last] = [blocks.at(-2), blocks.at(-1)];
      if (!above || !last || above.sum / above.count <= last.sum / last.count) break;
      above.sum += last.sum;
      above.count += last.count;
      blocks.pop();
    }
  }
  let i = 0;
  for (const { sum, count } of blocks) {
    for (let n = 0; n < count; n++, i++) y[layer[i] ?? 0] = sum / count + (offsets[i] ?? 0);
  }
}
