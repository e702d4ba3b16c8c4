import type { Relation } from "../model/relation.ts";

/** Up to how many constraints on one parent all orders are tried of. */
const PERMUTED = 6;
/** Up to how many orders are tried. */
const ORDERS = 720;
/** Up to how many rows are gone over for it, all orders together. */
const STEPS = 400_000;

/**
 * All orders of constraints that compete, each with the other constraints where they are; null where they are too many
 * for `rows` rows.
 */
export function ordersOf(
  relations: readonly Relation[],
  competing: readonly (readonly Relation[])[],
  rows: number,
): readonly (readonly Relation[])[] | null {
  const count = competing.reduce((n, group) => n * factorial(group.length), 1);
  if (competing.some((group) => group.length > PERMUTED) || count > ORDERS || count * rows > STEPS)
    return null;
  return competing.reduce<readonly (readonly Relation[])[]>(
    (orders, group) => orders.flatMap((order) => permutations(group).map((p) => replaced(order, p))),
    [relations],
  );
}

/** The relations of a group put, in their new order, into the places that they had. */
export function replaced(relations: readonly Relation[], group: readonly Relation[]): readonly Relation[] {
  const next = [...group];
  const ids = new Set(group.map((r) => r.id));
  return relations.map((r) => (ids.has(r.id) ? (next.shift() as Relation) : r));
}

/** All pairs of a list's members. */
export const pairs = <T>(list: readonly T[]): readonly (readonly [T, T])[] =>
  list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b] as const));

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((first, i) =>
    permutations([...list.slice(0, i), ...list.slice(i + 1)]).map((rest) => [first, ...rest]),
  );
}
