import { OnDeleteError } from "../error.ts";
import { didYouMean } from "../std/nearest.ts";
import type { Relation } from "./relation.ts";

/**
 * Checks that relations that somebody named are there.
 * @throws OnDeleteError `unknown-relation` with the nearest name
 */
export function checkRelationNames(
  names: readonly string[],
  relations: readonly Pick<Relation, "id">[],
): void {
  const known = relations.map((r) => r.id);
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new OnDeleteError("unknown-relation", `There is no relation ${wrong}.${didYouMean(wrong, known)}`, {
    hint: "`ondelete inspect` lists the relations, and `ondelete orphans` those that are inferred too.",
    details: { relation: wrong },
  });
}
