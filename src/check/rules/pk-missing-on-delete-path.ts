import { identityOf } from "../../model/table.ts";
import { cascades } from "../action.ts";
import type { Rule } from "../rule.ts";

/** A row that nothing identifies can be neither counted exactly, nor archived, nor put back. */
export const pkMissingOnDeletePath: Rule = {
  id: "pk-missing-on-delete-path",
  severity: "error",
  confidence: "certain",
  title: "A table that loses rows by a cascade and has no key",
  find: ({ tables, followed }) =>
    tables.flatMap((table) => {
      const taking = followed.from(table.id).filter(cascades);
      if (taking.length === 0 || identityOf(table).length > 0) return [];
      return [
        {
          object: table.id,
          table: table.id,
          message: `${taking[0]?.id} cascades into ${table.id}, which has no primary key and no unique key without nullable columns: its rows cannot be archived or restored, and ondelete refuses to delete them.`,
          evidence: { cascades: taking.map((r) => r.id) },
          fix: { description: `Give ${table.id} a primary key.`, sql: null },
        },
      ];
    }),
};
