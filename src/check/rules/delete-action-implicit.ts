import type { Rule } from "../rule.ts";
import { at, comparedRelations, SOURCES, upper } from "../source-relations.ts";

/** Nobody can see whether a default was meant. The catalog cannot tell either, so that only code is looked at. */
export const deleteActionImplicit: Rule = {
  id: "delete-action-implicit",
  severity: "info",
  confidence: "certain",
  title: "A relation in code that does not say what a delete does",
  wants: "source",
  find: (facts) =>
    comparedRelations(facts)
      .filter(({ relation }) => relation.written === false && relation.enforcement === "database")
      .map(({ schema, relation, constraints }) => ({
        object: relation.id,
        table: constraints.length > 0 ? relation.child : null,
        columns: relation.columns,
        part: schema.source,
        ...at(relation),
        message: `${SOURCES[schema.source]} does not say what a delete from ${relation.parent} does to ${relation.child}; by default ${relation.id} is ${upper(relation.onDelete)}.`,
        evidence: { default: relation.onDelete },
        fix: {
          description: `Write out what is meant, also where it is ${upper(relation.onDelete)}.`,
          sql: null,
        },
      })),
};
