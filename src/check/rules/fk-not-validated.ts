import { validateSql } from "../fixes.ts";
import type { Found, Rule } from "../rule.ts";

/** Old rows were never compared with their parents: those that match do cascade, orphans stay (E11). */
export const fkNotValidated: Rule = {
  id: "fk-not-validated",
  severity: "warning",
  confidence: "certain",
  title: "A foreign key that was left NOT VALID or NOT ENFORCED",
  find: (facts) =>
    facts.declared.relations.flatMap((relation): readonly Found[] => {
      const { id, child, columns } = relation;
      if (relation.unenforced === "declared")
        return [
          {
            object: id,
            table: child,
            columns,
            message: `${id} is NOT ENFORCED: nothing checks it and no delete acts by it.`,
            evidence: { state: "not enforced" },
            fix: { description: "Enforce it, or drop it.", sql: null },
          },
        ];
      if (relation.validated) return [];
      return [
        {
          object: id,
          table: child,
          columns,
          message: `${id} is NOT VALID: rows older than the constraint were never compared with ${relation.parent}, so that there may be orphans among them, which no delete finds.`,
          evidence: { state: "not valid" },
          fix: {
            description: "Look for orphans, then validate it; that does not keep writers out.",
            sql: validateSql(facts, relation),
          },
        },
      ];
    }),
};
