import type { NativeVerdict } from "../../model/plan.ts";
import type { InnerFacts } from "../engine.ts";

/**
 * What a bare DELETE does about RESTRICT and NO ACTION rows that go with their parent: InnoDB checks each at once, so
 * that names and indexes decide. A row that references itself is refused where its index still has it, see simulate.ts.
 */
export const innerVerdict = ({ relation }: InnerFacts): NativeVerdict =>
  relation.enforced ? "order-dependent" : "applies";
