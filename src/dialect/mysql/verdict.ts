import type { NativeVerdict } from "../../model/plan.ts";
import type { InnerFacts } from "../engine.ts";

/** What a bare DELETE does about RESTRICT and NO ACTION rows that go with their parent. */
export function innerVerdict({ relation, selfReferences }: InnerFacts): NativeVerdict {
  if (!relation.enforced) return "applies";
  const itself = selfReferences > 0 && String(relation.columns) !== String(relation.parentColumns);
  return itself ? "refused" : "order-dependent";
}
