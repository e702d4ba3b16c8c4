import { columnOf } from "../../model/table.ts";
import type { Found, Rule } from "../rule.ts";

/** Which texts are equal is then another question on either side. */
export const fkCollationMismatch: Rule = {
  id: "fk-collation-mismatch",
  severity: "warning",
  confidence: "certain",
  title: "A referencing column of another collation than the column it references",
  find: (facts) =>
    facts.followed.relations.flatMap((relation) =>
      relation.columns.flatMap((name, i): readonly Found[] => {
        const child = facts.table(relation.child);
        const parent = facts.table(relation.parent);
        const referenced = columnOf(parent, relation.parentColumns[i] ?? "");
        const [own, other] = [columnOf(child, name).collation, referenced.collation];
        if ((own ?? "").toLowerCase() === (other ?? "").toLowerCase()) return [];
        const [ownName, otherName] = [own ?? "the default collation", other ?? "the default collation"];
        return [
          {
            object: relation.id,
            part: name,
            table: child.id,
            columns: [name],
            message: `${child.id}.${name} compares by ${ownName}, and ${parent.id}.${referenced.name}, which it references, by ${otherName}: the constraint and a join can find different rows, and an index of one side may not serve the other.`,
            evidence: {
              column: name,
              collation: own,
              referenced: referenced.name,
              referencedCollation: other,
            },
            fix: { description: "Give both columns one collation.", sql: null },
          },
        ];
      }),
    ),
};
