import type { Relation } from "../model/relation.ts";

/** `users → orders → invoices`: the tables on a way down. */
export const printWay = (way: readonly Relation[]): string =>
  [way[0]?.parent ?? "", ...way.map((r) => r.child)].join(" → ");

/** `a`, `a and b`, `a, b and c`; of many the first five. */
export function listed(names: readonly string[]): string {
  if (names.length > 5) return `${names.slice(0, 5).join(", ")} and ${names.length - 5} more`;
  const [last = "", ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.toReversed().join(", ")} and ${last}`;
}
