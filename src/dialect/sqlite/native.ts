import type { NativeVerdict } from "../../model/plan.ts";
import type { InnerFacts } from "../engine.ts";

/**
 * What a bare DELETE does about an inner edge. SQLite counts violations of NO ACTION and looks at the end of the
 * statement, so that they never matter. RESTRICT is looked at when the parent's row goes, before the children are
 * reached that another relation, made earlier, deletes; a row that references itself is gone by then. DEFERRABLE changes
 * nothing about RESTRICT.
 * @see https://www.sqlite.org/foreignkeys.html#fk_actions, and native.test.ts, where each case is measured
 */
export function innerVerdict(facts: InnerFacts): NativeVerdict {
  if (facts.relation.onDelete !== "restrict") return "applies";
  const rows = [...facts.byDifference.values()].reduce((sum, n) => sum + n, 0);
  return rows === facts.selfReferences ? "applies" : "order-dependent";
}
