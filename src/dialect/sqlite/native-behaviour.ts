import type { NativeBehaviour, Relaxation } from "../native.ts";
import { raw, sql } from "../sql.ts";
import { simulate } from "./simulate.ts";

const relaxation: Relaxation = {
  kind: "no-action",
  relaxed: (r) => (r.onDelete === "restrict" ? { ...r, onDelete: "no action" } : null),
  // A table has to be made anew to change its constraints.
  statement: () => null,
  message: ({ id }) =>
    `Make ${id} NO ACTION instead of RESTRICT: SQLite then looks at the end of the statement. The table has to be rebuilt for that.`,
};

export const native: NativeBehaviour = {
  simulate,
  asBare: {
    before: [raw("pragma defer_foreign_keys = off")],
    after: [],
    // https://www.sqlite.org/pragma.html#pragma_foreign_key_check
    dangling: ({ namespace, name }) =>
      sql`select count(*) as n from pragma_foreign_key_check(${name}, ${namespace})`,
  },
  // .dump writes tables in the order in which they were made.
  restored: (relations) => relations,
  decidedBy:
    "SQLite runs those of the table that was made last first, and of one table those that are written last.",
  relaxation,
  renaming: null,
};
