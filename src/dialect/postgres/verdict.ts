import type { NativeVerdict } from "../../model/plan.ts";
import type { InnerFacts } from "../engine.ts";

/**
 * What a bare DELETE does about RESTRICT and NO ACTION rows that go with their parent. Measured on PostgreSQL 15.18
 * and 18.4: the check of a parent runs after the cascades of its own level and before those of later levels, so a
 * child that goes no later than its parent is gone, one that goes two levels later is not, and one level later the
 * order of the triggers decides. Only a deferred NO ACTION waits; RESTRICT never does.
 * @see https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES
 */
export function innerVerdict({ relation, byDifference }: InnerFacts): NativeVerdict {
  if (!relation.enforced) return "applies";
  if (relation.initiallyDeferred && relation.onDelete === "no action") return "applies";
  const differences = [...byDifference].filter(([, rows]) => rows > 0).map(([difference]) => difference);
  if (differences.some((difference) => difference >= 2)) return "refused";
  return differences.includes(1) ? "order-dependent" : "applies";
}
