import type { Documentation } from "../../model/documentation.ts";
import { some } from "../wording.ts";
import { name, names, table } from "./names.ts";

/** Which relations have an index: without one, every delete of a parent reads the whole child. */
export function indexes({ relations }: Documentation): readonly string[] {
  if (relations.length === 0) return [];
  const without = relations.filter((r) => !r.indexed);
  if (without.length === 0) return ["Every relation has an index that leads with its columns.", ""];
  return [
    `${relations.length - without.length} of ${some(relations.length, "relation")} ${relations.length === 1 ? "has" : "have"} an index that leads with their columns. Without one, every delete of a parent reads the whole child:`,
    "",
    ...table(
      ["Table without index", "Columns", "Refers to"],
      without.map((r) => [name(r.child), names(r.columns), name(r.parent)]),
    ),
  ];
}
