import { isActor } from "../../model/guessed-audit.ts";
import { auditConfidence, hasSnapshot, isOwner } from "../audit.ts";
import type { Rule } from "../rule.ts";
import { listed } from "../words.ts";

/** The record stays, and who did it is gone. */
export const setNullErasesActor: Rule = {
  id: "set-null-erases-actor",
  severity: "warning",
  confidence: "inferred",
  title: "SET NULL on the actor of a record that keeps nothing else about them",
  find: (facts) =>
    facts.followed.relations
      .filter((r) => r.onDelete === "set null" && r.columns.some(isActor) && isOwner(facts.table(r.parent)))
      .flatMap((relation) => {
        const table = facts.table(relation.child);
        const confidence = auditConfidence(facts, table);
        if (confidence === null || hasSnapshot(table)) return [];
        return [
          {
            object: relation.id,
            table: table.id,
            columns: relation.columns,
            confidence,
            message: `A delete from ${relation.parent} clears ${listed(relation.columns)} in ${table.id}, and nothing else there says who it was: the record stays without its author.`,
            evidence: { columns: relation.columns },
            fix: {
              description: "Keep a name or a pseudonym beside the reference, written when the record is.",
              sql: null,
            },
          },
        ];
      }),
};
