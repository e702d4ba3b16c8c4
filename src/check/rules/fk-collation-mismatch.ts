import { type Column, columnOf } from "../../model/table.ts";
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
        const column = columnOf(child, name);
        const { shapeOf } = facts.engine.constraints;
        // A text and a number have no collation in common, and fk-type-mismatch tells of them.
        if (shapeOf(column).family !== shapeOf(referenced).family) return [];
        if ([column, referenced].some(hasOwnOfDomain)) return [];
        const [own, other] = [column.collation, referenced.collation];
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

/** The model does not say by which collation a domain compares, where the column has no other. */
const hasOwnOfDomain = ({ baseType, collation }: Column): boolean =>
  baseType !== undefined && collation === null;
