import type { TypeShape } from "../../dialect/constraints.ts";
import type { Severity } from "../../model/finding.ts";
import type { Relation } from "../../model/relation.ts";
import { columnOf } from "../../model/table.ts";
import type { Facts } from "../facts.ts";
import type { Found, Rule } from "../rule.ts";

/** Engines take other types than the parent's, and then there are parents that no child can reference. */
export const fkTypeMismatch: Rule = {
  id: "fk-type-mismatch",
  severity: "warning",
  confidence: "certain",
  title: "A referencing column of another type, sign or length than the column it references",
  find: (facts) => facts.followed.relations.flatMap((relation) => mismatches(facts, relation)),
};

function mismatches(facts: Facts, relation: Relation): readonly Found[] {
  const { shapeOf } = facts.engine.constraints;
  const child = facts.table(relation.child);
  const parent = facts.table(relation.parent);
  return relation.columns.flatMap((name, i): readonly Found[] => {
    const column = columnOf(child, name);
    const referenced = columnOf(parent, relation.parentColumns[i] ?? "");
    const judged = judge(shapeOf(column), shapeOf(referenced));
    if (!judged) return [];
    const types = `${child.id}.${name} is ${column.type || "of no type"}, and ${parent.id}.${referenced.name}, which it references, is ${referenced.type || "of no type"}`;
    return [
      {
        object: relation.id,
        part: name,
        table: child.id,
        columns: [name],
        severity: judged.severity,
        message: `${types}: ${judged.why}`,
        evidence: {
          column: name,
          type: column.type,
          referenced: referenced.name,
          referencedType: referenced.type,
        },
        fix: {
          description: `Give both columns one type, best that of ${parent.id}.${referenced.name}.`,
          sql: null,
        },
      },
    ];
  });
}

interface Judgement {
  readonly severity: Severity;
  readonly why: string;
}

function judge(child: TypeShape, parent: TypeShape): Judgement | null {
  if (child.family !== parent.family)
    return {
      severity: "warning",
      why: "each comparison converts one of them, may miss the index, and may not find what looks equal.",
    };
  if (child.unkept || parent.unkept) return judgeUnkept(child, parent);
  if (child.size < parent.size)
    return { severity: "warning", why: "there are values of the parent that no child can hold." };
  if (child.size > parent.size)
    return { severity: "info", why: "the child can hold values that no parent has." };
  return null;
}

/** Where one names no length there is nothing to compare. */
function judgeUnkept(child: TypeShape, parent: TypeShape): Judgement | null {
  const isSaid = Number.isFinite(child.size) && Number.isFinite(parent.size);
  if (!isSaid || child.size === parent.size) return null;
  return {
    severity: "info",
    why: "this engine keeps to no length, but one of them says something else of the same values.",
  };
}
