import type { Rule } from "./rule.ts";
import { cascadePathUnindexed } from "./rules/cascade-path-unindexed.ts";
import { fkWithoutIndex } from "./rules/fk-without-index.ts";
import { setNullOnNotNull } from "./rules/set-null-on-not-null.ts";

/** The rules, in the order of the catalogue: keys, what deletes do, soft deletes, the state of constraints. */
export const rules: readonly Rule[] = [
  fkWithoutIndex,
  cascadePathUnindexed,

  setNullOnNotNull,
];
